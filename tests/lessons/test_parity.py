"""The engine and one kernel under nbgrader give the same points, cell by cell, for what honest students hand in.

A kernel a hand-in takes minutes a lesson: run it by PARITY_ROUNDS=1 (one round of wrong answers) or 6 (all of them).
"""

import os
import shutil
from pathlib import Path

import nbformat
import pytest

from course.authoring import promises
from course.authoring.lesson import Exercise, Lesson, read
from course.authoring.notebook import fill
from course.folder import CONFIG_NAME, CourseFolder
from course.grading.run import grade

ROOT = Path(__file__).parents[2]
FOLDER = CourseFolder(ROOT)
LESSONS = [read(FOLDER.lessons / name) for name in FOLDER.lesson_names()]
ROUNDS = int(os.environ.get("PARITY_ROUNDS", "0"))
Points = dict[tuple[str, str], float | None]


@pytest.mark.slow
@pytest.mark.skipif(not ROUNDS, reason="takes minutes a lesson: set PARITY_ROUNDS=1")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_both_engines_give_the_same_points(lesson: Lesson, tmp_path: Path) -> None:
    folder = classroom(lesson, tmp_path.resolve())
    inside, outside = points(folder, lesson, "nbgrader"), points(folder, lesson, "clozegrad")
    drawing = {one.name: one.points for one in lesson.exercises if _is_random(one)}
    by_chance = {
        cell  # what a wrong answer draws itself decides which of the checks it fails, but not that it fails some
        for cell, earned in inside.items()
        if cell[1] in drawing and max(earned or 0, outside[cell] or 0) < drawing[cell[1]]
    }
    assert {cell: earned for cell, earned in outside.items() if cell not in by_chance} == {
        cell: earned for cell, earned in inside.items() if cell not in by_chance
    }
    autograded = {exercise.name for exercise in lesson.exercises}
    full = [earned for (student, name), earned in outside.items() if student == "right" and name in autograded]
    assert sum(earned or 0 for earned in full) == sum(exercise.points for exercise in lesson.exercises)


def _is_random(exercise: Exercise) -> bool:
    return any(promise.word == "random" for promise in promises.of(exercise.solution))


def classroom(lesson: Lesson, root: Path) -> CourseFolder:
    """A course folder where one student has all right, each in another way, and others have wrong answers among them."""
    shutil.copy(ROOT / CONFIG_NAME, root)
    for part in ("source", "release"):
        shutil.copytree(ROOT / part / lesson.name, root / part / lesson.name)
    folder = CourseFolder(root)
    right = {one.name: (one.right[0].source if one.right else one.answer) for one in lesson.exercises}
    hand_in(folder, lesson, "right", right)
    for number in range(ROUNDS):
        wrong = {one.name: one.wrong[number % len(one.wrong)].source for one in lesson.exercises[number % 2 :: 2]}
        hand_in(folder, lesson, f"wrong{number}", right | wrong)
    return folder


def hand_in(folder: CourseFolder, lesson: Lesson, student: str, answers: dict[str, str]) -> None:
    shutil.copytree(folder.release / lesson.name, folder.submitted / student / lesson.name)
    path = folder.submitted / student / lesson.name / f"{lesson.name}.ipynb"
    nbformat.write(fill(nbformat.read(path, as_version=4), answers), path)


def points(folder: CourseFolder, lesson: Lesson, engine: str) -> Points:
    verdicts = grade(folder, lesson.name, engine=engine, jobs=1)
    return {(one.student, cell.grade_id.removesuffix("_tests")): cell.earned for one in verdicts for cell in one.cells}
