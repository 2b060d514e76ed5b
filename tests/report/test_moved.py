"""The table of points that moved says no more than is known, and no name in it does anything."""

from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from course.errors import CourseError
from course.grading.verdict.model import CAUSES, Move, SubmissionVerdict
from course.report.moved import BECAUSE, print_moves, require_ending, write_moves
from tests.grading.notebooks import norms

VERDICT = SubmissionVerdict("ada", "ps1", (), (), "plain", 1, norms(), "norms")


def printed(*verdicts: SubmissionVerdict) -> str:
    console = Console(width=100, record=True, quiet=False, file=None, force_terminal=False)
    with console.capture() as capture:
        print_moves(verdicts, console)
    return capture.get()


def test_nothing_is_said_where_nothing_was_graded_again() -> None:
    assert printed(VERDICT, replace(VERDICT, kept=True, moved=(Move("a_tests", 1, 0, ("test",)),))) == ""


def test_a_regrade_that_moves_nothing_is_a_line() -> None:
    again = replace(VERDICT, again=("nothing",))
    assert printed(again, again) == "graded again: 2 (--force, or another run at once); nobody's points moved\n"


def test_a_score_by_hand_is_said_to_stay() -> None:
    moved = Move("norm_tests", 3, 1.5, ("test", "engine"), by_hand=2)
    said = printed(replace(VERDICT, again=("source", "engine"), moved=(moved,)))
    assert "ada" in said
    assert "test changed, engine or packages changed; 2 by hand stays" in said
    assert said.endswith("graded again: 1 (source changed, engine or packages changed); points moved for 1 student\n")


def test_every_reason_has_its_words() -> None:
    assert set(BECAUSE) == set(CAUSES)


def test_no_name_is_markup_or_a_formula(tmp_path: Path) -> None:
    moved = replace(VERDICT, student="[red]=eve", again=("test",), moved=(Move("=a_tests", None, 1, ("new",)),))
    assert "[red]=eve" in printed(moved)
    write_moves([replace(moved, student="=eve")], tmp_path / "moved.csv")
    assert '"\'=eve","ps1","norms","\'=a","","1","","new"' in (tmp_path / "moved.csv").read_text("utf-8")


def test_a_file_says_by_its_ending_what_is_wanted() -> None:
    for name in ("moved.csv", "moved.JSON"):
        require_ending(Path(name))
    with pytest.raises(CourseError, match=r"moved\.txt: .* give it one of these endings"):
        require_ending(Path("moved.txt"))
