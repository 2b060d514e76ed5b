"""Marks as other systems read them: whose they are, what counts, and nothing that a spreadsheet would compute."""

import csv
import io
import stat
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from course.cli import app
from course.collect import roster
from course.export import tables
from course.export.marks import Exercise, Mark, Marks
from course.export.tables import BOM, Table
from course.folder import CourseFolder
from course.grading.gradebook.record import ensure_assignment
from course.grading.gradebook.scores import Score, Scored
from tests.collect import samples
from tests.collect.samples import ADA, CLASS, JOSE, Person
from tests.report.classpage.test_writing import TINY, grade

ABSENT = next(one for one in CLASS if one not in (ADA, JOSE))


@pytest.fixture
def course(tiny_course: CourseFolder) -> CourseFolder:
    """Ada has 3 of 6 points so far, José none; the others of the class are in the roster alone."""
    ensure_assignment(tiny_course, TINY)
    grade(tiny_course, ADA.id, passed=True)
    grade(tiny_course, JOSE.id, passed=False)
    (tiny_course.root / "roster.csv").write_text(samples.roster(CLASS), "utf-8")
    return tiny_course


@contextmanager
def gradebook(folder: CourseFolder) -> Iterator[Gradebook]:
    with warnings.catch_warnings(action="ignore"), Gradebook(folder.db_url, "clozegrad") as book:
        yield book
        book.db.commit()


def export(folder: CourseFolder, kind: str, *more: str) -> tuple[list[dict[str, str]], str]:
    """The rows of the file that the command wrote, and what it said."""
    done = CliRunner().invoke(app, ["export", kind, TINY, "--course", str(folder.root), *more], catch_exceptions=False)
    (path,) = folder.exports.glob(f"*{'' if kind == 'csv' else kind + '.'}csv")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text("utf-8")
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline=""))), done.stdout


def of(rows: list[dict[str, str]], person: Person) -> dict[str, str]:
    return next(row for row in rows if person.id in row.values() or person.email in row.values())


def test_the_csv_has_a_column_for_each_exercise_in_the_order_of_the_lesson(course: CourseFolder) -> None:
    rows, said = export(course, "csv")
    about = [
        "student",
        "name",
        "email",
        "handed_in",
        "twice",
        "area",
        "why",
        "penalty",
        "points",
        "max_points",
        "to_score",
    ]
    assert list(rows[0]) == about
    ada = of(rows, ADA)
    assert [ada[name] for name in about[4:]] == ["3", "0", "", "0", "3", "6", "1"]
    assert (ada["name"], ada["email"]) == (ADA.name, ADA.email)
    assert "a person has yet to score" in said
    assert f"wrote exports/{TINY}.csv, {len(CLASS)} students, 6 points" in said


def test_whoever_has_nothing_graded_has_empty_cells_and_is_named(course: CourseFolder) -> None:
    rows, said = export(course, "csv")
    assert (of(rows, ABSENT)["points"], of(rows, ABSENT)["twice"]) == ("", "")
    assert "without a grade" in said
    assert ABSENT.id in said


def test_points_by_hand_extra_credit_and_lateness_count_as_nbgrader_counts_them(course: CourseFolder) -> None:
    with gradebook(course) as book:
        why = book.find_grade("why", TINY, TINY, ADA.id)
        why.manual_score, why.extra_credit, why.needs_manual_grade = 1.5, 0.5, False
        book.find_submission_notebook(TINY, TINY, ADA.id).late_submission_penalty = 2.0
    ada = of(export(course, "csv")[0], ADA)
    with gradebook(course) as book:
        submission = book.find_submission(TINY, ADA.id)
        assert float(ada["points"]) == submission.score - submission.late_submission_penalty == 3.0
    assert (ada["why"], ada["penalty"]) == ("2", "2")


def test_a_penalty_never_makes_less_than_nothing(course: CourseFolder) -> None:
    with gradebook(course) as book:
        book.find_submission_notebook(TINY, TINY, JOSE.id).late_submission_penalty = 2.0
    assert of(export(course, "csv")[0], JOSE)["points"] == "0"


def test_canvas_gets_its_own_columns_back_and_the_points_possible(course: CourseFolder, tmp_path: Path) -> None:
    exported = tmp_path / "canvas.csv"
    exported.write_text(samples.canvas_gradebook(CLASS), "utf-8")
    rows, _ = export(course, "canvas", "--roster", str(exported), "--assignment", "PS 1 (77)")
    assert list(rows[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "PS 1 (77)"]
    assert (rows[0]["Student"], rows[0]["PS 1 (77)"]) == ("    Points Possible", "6")
    ada = of(rows, ADA)
    assert [*ada.values()] == [
        f"{ADA.last}, {ADA.first}",
        str(4000 + ADA.number),
        f"S{ADA.number}",
        ADA.id,
        "Section 1",
        "3",
    ]
    assert of(rows, ABSENT)["PS 1 (77)"] == ""


def test_what_canvas_imports_can_be_read_as_a_roster_again(course: CourseFolder, tmp_path: Path) -> None:
    exported = tmp_path / "canvas.csv"
    exported.write_text(samples.canvas_gradebook(CLASS), "utf-8")
    export(course, "canvas", "--roster", str(exported))
    again = roster.read(course.exports / f"{TINY}.canvas.csv")
    assert {*again.people.students} == {one.id for one in CLASS}


def test_without_canvass_own_export_the_ids_are_taken_for_logins_and_that_is_said(course: CourseFolder) -> None:
    rows, said = export(course, "canvas", "--missing-zero")
    assert of(rows, ADA)["SIS Login ID"] == ADA.id
    assert of(rows, ADA)["ID"] == ""
    assert of(rows, ABSENT)[TINY] == "0"
    assert "no export of Canvas's gradebook" in said


def test_moodles_worksheet_comes_back_filled_in_though_it_calls_students_otherwise(
    course: CourseFolder, tmp_path: Path
) -> None:
    with gradebook(course) as book:
        book.find_comment("twice", TINY, TINY, ADA.id).manual_comment = "=Well done,\nAda"
    sheet = tmp_path / "Grades.csv"
    sheet.write_text(samples.worksheet(CLASS, {ADA: "31 January 2026, 5:10 PM"}), "utf-8")
    rows, said = export(course, "moodle", "--roster", str(sheet))
    before = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))))
    assert [row["Identifier"] for row in rows] == [row["Identifier"] for row in before]
    ada = of(rows, ADA)
    assert (ada["Grade"], ada["Feedback comments"]) == ("3", "twice: =Well done, Ada")
    assert of(rows, ABSENT)["Grade"] == next(row["Grade"] for row in before if ABSENT.email in row.values())
    assert ada["Last modified (grade)"] == "-"
    assert "filled in" in said
    assert "its maximum grade is 100, the lesson's 6" in said


def test_moodles_gradebook_gets_ids_addresses_points_and_feedback(course: CourseFolder) -> None:
    ada = of(export(course, "moodle")[0], ADA)
    assert (ada["Username"], ada["Email address"], ada["ID number"], ada[TINY]) == (
        ADA.id,
        ADA.email,
        str(ADA.number),
        "3",
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n@", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("table", [tables.own, tables.canvas, tables.moodle])
def test_no_cell_is_a_formula(table: Callable[[Marks], Table], sign: str) -> None:
    evil = f"{sign}HYPERLINK(1)"
    cell = ("n", "twice")
    scored = Scored(evil, evil, evil, evil, None, 0.0, {cell: Score(1.0)}, {cell: evil})
    marks = Marks("01_tiny", (Exercise(cell, evil, 3.0),), (Mark(evil, None, scored),), None, ())
    cells = [one for row in csv.reader(io.StringIO(table(marks).text.removeprefix(BOM), newline="")) for one in row]
    assert any("HYPERLINK" in one for one in cells)
    assert [one for one in cells if one.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))] == []


def test_students_that_the_roster_does_not_have_are_named(course: CourseFolder) -> None:
    grade(course, "stranger", passed=True)
    rows, said = export(course, "csv")
    assert "stranger" not in [row["student"] for row in rows]
    assert "left out, since the roster does not have them: stranger" in said


def test_nothing_graded_is_said_in_one_sentence(tiny_course: CourseFolder) -> None:
    done = CliRunner().invoke(app, ["export", "csv", TINY, "--course", str(tiny_course.root)])
    assert f"run `course grade {TINY}`" in str(done.exception)
    assert not tiny_course.exports.exists()
