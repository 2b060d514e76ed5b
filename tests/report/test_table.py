"""The class table in a terminal, in a pipe, and as CSV."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook
from rich.console import Console

from course.checks import CellReport, CheckResult
from course.grading.verdict.model import BrokenAnswer, CellVerdict, Ending, SubmissionVerdict
from course.report.screen import PIPED_WIDTH
from course.report.table import print_table, went_wrong, write_csv

FAILED = CellReport("b", 2, (CheckResult("first", 1, 1), CheckResult("second", 1, 0, message="expected 1, got 2")))


def cell(name: str, earned: float | None, ending: Ending, **more: object) -> CellVerdict:
    return CellVerdict(name, 2.0, earned, ending, **more)  # type: ignore[arg-type]


def verdict(student: str, *cells: CellVerdict, repairs: tuple[str, ...] = ()) -> SubmissionVerdict:
    return SubmissionVerdict(student, "01", cells, repairs, "namespaces", 1.5, new_notebook())


MIRA = verdict("mira", cell("a_tests", 2.0, "passed"), cell("b_tests", 1.0, "partial", report=FAILED))
MAX = verdict("max", cell("a_tests", 0.0, "timeout"), cell("b_tests", 0.0, "blank"), repairs=("a test was missing",))


def printed(*verdicts: SubmissionVerdict, width: int | None = None) -> str:
    file = io.StringIO()
    print_table(verdicts, Console(file=file, width=width))
    return file.getvalue()


def test_what_went_wrong_names_the_exercise_and_the_check() -> None:
    assert went_wrong(MIRA) == ["b: second"]


def test_what_went_wrong_tells_endings_blanks_and_repairs() -> None:
    assert went_wrong(MAX) == ["a: timeout", "not answered: b", "a test was missing"]


def test_one_error_behind_every_failed_check_is_told_once() -> None:
    checks = tuple(CheckResult(label, 1, 0, message="NameError: no f\nspelt right?") for label in "xyz")
    failed = cell("a_tests", 0.0, "failed", report=CellReport("a", 2, checks))
    assert went_wrong(verdict("x", failed)) == ["a: NameError: no f"]


def test_an_answer_that_does_not_run_gives_its_own_error_as_the_reason() -> None:
    failed = cell("a_tests", 0.0, "failed", message="NameError: no x")
    broken = BrokenAnswer("a", "SyntaxError", "invalid syntax (line 2)\nsecond line")
    whole = replace(verdict("x", failed), answers=(broken,))
    assert went_wrong(whole) == ["a: SyntaxError: invalid syntax (line 2)"]


def test_many_repairs_are_counted() -> None:
    fine = cell("a_tests", 2.0, "passed")
    assert went_wrong(verdict("x", fine, repairs=("one thing", "another"))) == ["2 repairs, first: one thing"]


def test_a_submission_that_could_not_run_gives_its_reason_alone() -> None:
    cells = [cell(name, 0.0, "could not run", message="the file is empty") for name in ("a", "b")]
    assert went_wrong(verdict("x", *cells, repairs=("the file is empty",))) == ["the file is empty"]


def test_what_could_not_be_read_is_counted_and_says_nothing_of_the_class() -> None:
    empty = verdict("zoe", cell("a_tests", 0.0, "could not run"), cell("b_tests", 0.0, "could not run"))
    assert "3 submissions, 1 could not be read · median 1.5 of 4 points" in printed(MIRA, MAX, empty)
    assert "1 submission, 1 could not be read · median 0 of 4 points" in printed(empty)


@pytest.mark.parametrize("width", [100, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    many = [cell(f"exercise_{n}_tests", 0.0, "failed", message="a long story " * 9) for n in range(25)]
    lines = printed(MIRA, verdict("a_very_long_student_name_indeed_it_is", *many), width=width).splitlines()
    assert max(map(len, lines)) <= width


def test_into_a_pipe_goes_plain_text_of_a_fixed_width(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([MIRA, MAX])
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= PIPED_WIDTH
    assert "mira" in text
    assert "3 / 4" in text


def test_text_from_students_cannot_colour_or_clear_the_terminal() -> None:
    evil = cell("a_tests", 0.0, "failed", message="\x1b[2J\x1b]0;title\x07[red]boo[/red]")
    text = printed(verdict("x", evil), width=120)
    assert "\x1b" not in text
    assert "[red]boo[/red]" in text


@pytest.mark.parametrize(
    "sign", ["\u202e", "\u2066", "\u200f", "\u061c", "\ufeff", "\ud800", "\x9b31m", "\x1b[1A", "\r", "\u2028"]
)
def test_text_from_students_cannot_turn_or_overwrite_a_line_of_the_table(sign: str) -> None:
    evil = cell("a_tests", 0.0, "failed", message=f"0 / 7 {sign}passed")
    text = printed(verdict(f"x{sign}y", evil), width=120)
    assert sign not in text
    assert "0 / 7 passed" in text


def test_the_csv_has_a_row_a_submission_and_a_column_an_exercise(tmp_path: Path) -> None:
    write_csv([MIRA, MAX], tmp_path / "grades.csv")
    rows = list(csv.DictReader((tmp_path / "grades.csv").open(encoding="utf-8")))
    assert rows[0]["student"] == "mira"
    assert (rows[0]["points"], rows[0]["max_points"], rows[0]["a"], rows[0]["b"]) == ("3", "4", "2", "1")
    assert rows[1]["what_went_wrong"] == "a: timeout; not answered: b; a test was missing"


def test_points_that_a_person_has_still_to_give_are_empty_in_the_csv(tmp_path: Path) -> None:
    write_csv([verdict("x", cell("why", None, "manual"))], tmp_path / "grades.csv")
    assert next(csv.DictReader((tmp_path / "grades.csv").open()))["why"] == ""


def test_a_spreadsheet_runs_nothing_from_the_csv(tmp_path: Path) -> None:
    evil = cell("a_tests", 0.0, "could not run", message="=HYPERLINK(1)")
    write_csv([verdict("=1+1", evil)], tmp_path / "grades.csv")
    row = next(csv.DictReader((tmp_path / "grades.csv").open()))
    assert row["student"] == "'=1+1"
    assert row["what_went_wrong"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("text", ["+1", "-1", "@SUM(1)", "＝1+1", "\t=1", " =1", "\u200b=1", "\x00=1"])
def test_no_spelling_of_a_formula_is_one_in_the_csv(tmp_path: Path, text: str) -> None:
    write_csv([verdict(text)], tmp_path / "grades.csv")
    row = next(csv.DictReader((tmp_path / "grades.csv").open(encoding="utf-8")))
    assert row["student"].startswith(("'", "\\x", "\\u"))  # signs that nobody sees are spelt out in a name


def test_a_semicolon_does_not_begin_a_cell_of_its_own(tmp_path: Path) -> None:
    evil = cell("a_tests", 0.0, "could not run", message='x;=1+1;"y";\n=2')
    write_csv([verdict("eve", evil)], tmp_path / "grades.csv")
    row = (tmp_path / "grades.csv").read_text("utf-8").splitlines()[1]
    assert '"x;=1+1;""y"";' in row
    assert all(part.startswith('"') for part in row.split(","))


def test_a_lesson_of_many_exercises_leaves_room_for_names_and_points() -> None:
    cells = [cell(f"card_{n}_tests", float(n % 2), "passed" if n % 2 else "failed") for n in range(150)]
    rows = printed(verdict("ana_silva", *cells), width=120).splitlines()
    assert any(row.split()[:4] == ["ana_silva", "75", "/", "300"] for row in rows)
    assert sum(row.count("✓") for row in rows if "full points" not in row) == 75
