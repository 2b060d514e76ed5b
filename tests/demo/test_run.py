"""The demo from end to end, with the tiny lesson."""

import csv
import io
from pathlib import Path

import pytest
from rich.console import Console

from course.collect.asked import ROSTER, Wanted
from course.collect.run import collect
from course.demo.download import ARCHIVE, MISSING
from course.demo.run import demo, lay_out
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.verdict.model import SubmissionVerdict
from tests.cards import ankilib
from tests.review.conftest import with_cards

TINY = "01_tiny"


BEHIND = {"right": ("area",), "sum": ("twice",), "both": ("twice", "area")}  # the tiny lesson's cards, in its order


def missed(verdict: SubmissionVerdict) -> list[tuple[str, int]]:
    """The cards behind what was missed, in the order in which they are due: 1 (Again) before 2 (Hard)."""
    share = {cell.grade_id.removesuffix("_tests"): (cell.earned or 0) / cell.points for cell in verdict.cells}
    worst = {card: min(share[exercise] for exercise in exercises) for card, exercises in BEHIND.items()}
    eases = [(card, 1 if part == 0 else 2) for card, part in worst.items() if part < 1]
    return sorted(eases, key=lambda each: each[1])


def due_in_anki(deck: Path, home: Path) -> list[tuple[str, int]]:
    """The cards that Anki's own library finds in a deck, by due date, and how each was answered."""
    with ankilib.collection(home) as col:
        ankilib.take_in(col, deck, with_progress=True)
        rows = col.db.all("select cid, ease from revlog join cards on cid = cards.id order by cards.due, cid")
        names = [(col.get_card(card).note().fields[-1].split(" · ")[-1], ease) for card, ease in rows]
    return list(dict.fromkeys(names))  # a note with several clozes has several cards


@pytest.mark.slow
def test_a_class_is_graded_and_every_student_gets_feedback(tiny_course: CourseFolder, tmp_path: Path) -> None:
    with_cards(tiny_course)
    printed = io.StringIO()
    result = demo(tiny_course, TINY, tmp_path / "demo", console=Console(file=printed, width=160))
    points = {verdict.student: verdict.points for verdict in result.verdicts}
    assert points["mira_holm"] == points["noor_haddad"] == points["tomas_varga"] == 4.0
    assert points["ravi_menon"] < 4.0
    assert points["max_petrov"] == points["nina_rossi"] == 3.0
    assert points["ada_winter"] == points["otto_lindqvist"] == 0.0
    pages = sorted(path.parts[-3] for path in result.folder.feedback.glob(f"*/{TINY}/{TINY}.html"))
    assert pages == sorted(student.name for student in result.students)
    rows = list(csv.DictReader((result.folder.root / "grades.csv").open(encoding="utf-8")))
    assert len(rows) == len(result.students)
    assert all(student.story in printed.getvalue() for student in result.students)
    decks = sorted(path.parts[-3] for path in (result.folder.root / "review").glob(f"*/{TINY}/{TINY}.apkg"))
    assert "ravi_menon" in decks
    assert "mira_holm" not in decks
    for verdict in result.verdicts:
        deck = result.folder.review / verdict.student / TINY / f"{TINY}.apkg"
        assert deck.exists() == bool(missed(verdict))
        if deck.exists():
            assert due_in_anki(deck, tmp_path / verdict.student) == missed(verdict)
    assert f"{len(decks)} review decks" in printed.getvalue()
    assert "Import any learning progress" in printed.getvalue()
    assert printed.getvalue().strip().splitlines()[-1].startswith("Next: open ")


def test_a_lesson_that_is_not_built_says_how_to_build_it(tiny_course: CourseFolder) -> None:
    with pytest.raises(CourseError, match="course build 02_none"):
        demo(tiny_course, "02_none")


def test_a_class_can_be_left_to_be_collected_by_hand(tiny_course: CourseFolder, tmp_path: Path) -> None:
    printed = io.StringIO()
    scratch = lay_out(tiny_course, TINY, tmp_path / "one", Console(file=printed, width=160))
    again = lay_out(tiny_course, TINY, tmp_path / "two", Console(file=io.StringIO()))
    for name in (ARCHIVE, ROSTER):
        assert (scratch.root / name).read_bytes() == (again.root / name).read_bytes()
    assert not scratch.submitted.exists()
    outcome = collect(scratch, TINY, [scratch.root / ARCHIVE], Wanted())
    assert outcome.is_whole
    students = {path.name for path in scratch.submitted.iterdir()}
    assert len(students) == 20
    assert MISSING not in students
    assert (scratch.lessons / TINY).is_dir()
    assert printed.getvalue().strip().endswith(f"course collect {TINY} {ARCHIVE}")


def test_a_folder_with_something_in_it_is_left_alone(tiny_course: CourseFolder, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("not yours")
    with pytest.raises(CourseError, match="not an empty folder"):
        demo(tiny_course, TINY, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
