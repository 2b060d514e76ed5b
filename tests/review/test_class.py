"""From submissions to a deck in Anki: a small class through the real engine and the command line."""

import subprocess
import sys
from pathlib import Path

import pytest
from nbformat import NotebookNode

from course.authoring.lesson import Lesson
from course.folder import CourseFolder
from course.grading.run import grade
from tests.cards import ankilib
from tests.conftest import TINY, hand_in

TWICE = "def twice(number):\n    return {}\n"
CLASS = {
    "right": {"twice": TWICE.format("2 * number"), "area": "area = 3 * 4"},
    "partial": {"twice": TWICE.format("2 * abs(number)"), "area": "area = 3 * 4"},
    "wrong": {"twice": TWICE.format("2 * abs(number)"), "area": "area = 3 + 4"},
}


@pytest.mark.slow
def test_each_student_of_a_graded_class_gets_the_cards_behind_their_mistakes(
    tiny_course: CourseFolder, lesson: Lesson, tiny_release: NotebookNode, tmp_path: Path
) -> None:
    for student, answers in CLASS.items():
        hand_in(tiny_course, student, tiny_release, **answers)
    grade(tiny_course, TINY, jobs=1)
    command = [sys.executable, "-m", "course", "review", TINY]
    done = subprocess.run(command, cwd=tiny_course.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "review decks: 2, pages: 3," in done.stdout
    assert not list((tiny_course.review / "right").rglob("*.apkg"))
    expected = {"partial": {"sum": 2, "both": 2}, "wrong": {"right": 1, "both": 1, "sum": 2}}
    for student, eases in expected.items():
        with ankilib.collection(tmp_path / student) as col:
            deck = tiny_course.review / student / TINY / f"{TINY}.apkg"
            ankilib.take_in(col, deck, with_progress=True)
            rows = col.db.all("select cid, ease from revlog join cards on cid = cards.id order by cards.due, cid")
            found = {col.get_card(card).note().fields[-1].split(" · ")[-1]: ease for card, ease in rows}
            assert list(found.items()) == list(eases.items())  # in the order in which they are due
        page = (tiny_course.review / student / TINY / f"{TINY}.html").read_text("utf-8")
        assert "What about numbers below zero?" in page
        assert "rng.integer" not in page
