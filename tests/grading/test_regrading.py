"""A test that changed moves the points of its exercise, says so, and leaves alone what people entered."""

import csv
import json
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from course.cli import app
from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook import record
from course.grading.run import grade
from course.grading.verdict.model import Move, SubmissionVerdict
from tests.grading.gradebook.test_record import hand_in, rows, scores
from tests.grading.notebooks import ANSWERS, filled, make_course, norms, released, write_source

WRONG = ANSWERS | {"mean": "mean = 2.9\nspread = 5"}


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    course = make_course(tmp_path.resolve(), norms=norms())
    hand_in(course, "ada", filled(released(norms()), ANSWERS))
    hand_in(course, "bob", filled(released(norms()), WRONG))
    grade(course, "ps1", jobs=1)
    return course


def change_test(folder: CourseFolder, source: str = "assert abs(mean - 3) < 0.5") -> None:
    node = norms()
    next(cell for cell in node.cells if cell.id == "mean_tests").source = source
    write_source(folder.root, node)


def run(folder: CourseFolder, **options: object) -> dict[str, SubmissionVerdict]:
    return {one.student: one for one in grade(folder, "ps1", jobs=1, **options)}  # type: ignore[arg-type]


def test_whose_points_moved_and_why_is_told_once(folder: CourseFolder) -> None:
    change_test(folder)
    again = run(folder)
    assert {who: one.moved for who, one in again.items()} == {"ada": (), "bob": (Move("mean_tests", 0, 1, ("test",)),)}
    assert {who: one.again for who, one in again.items()} == {"ada": ("source",), "bob": ("source",)}
    assert [(one.kept, one.again) for one in run(folder).values()] == [(True, ()), (True, ())]


def test_an_answer_that_was_handed_in_anew_moves_for_that_reason(folder: CourseFolder) -> None:
    hand_in(folder, "bob", filled(released(norms()), ANSWERS))
    assert run(folder)["bob"].moved == (Move("mean_tests", 0, 1, ("hand-in",)),)


def test_a_written_answer_goes_back_to_a_person(folder: CourseFolder) -> None:
    hand_in(folder, "ada", filled(released(norms()), {name: ANSWERS[name] for name in ("norm", "mean")}))
    assert run(folder)["ada"].moved == (Move("why", None, 0, ("hand-in",)),)
    hand_in(folder, "ada", filled(released(norms()), ANSWERS))
    assert run(folder)["ada"].moved == (Move("why", 0, None, ("hand-in",)),)
    assert scores(folder)["why"] == (None, None, None, 1)


def test_what_people_entered_stays_through_every_kind_of_regrade(folder: CourseFolder) -> None:
    with Gradebook(folder.db_url, "foreign") as gradebook:
        test = gradebook.find_grade("mean_tests", "norms", "ps1", "bob")
        test.manual_score, test.extra_credit, test.needs_manual_grade = 0.5, 0.25, False
        why = gradebook.find_grade("why", "norms", "ps1", "bob")
        why.manual_score, why.needs_manual_grade = 1.5, False
        for cell in ("mean", "why"):
            gradebook.find_comment(cell, "norms", "ps1", "bob").manual_comment = f"on {cell}"
        gradebook.db.commit()
    change_test(folder)
    assert run(folder)["bob"].moved == (Move("mean_tests", 0, 1, ("test",), by_hand=0.5),)
    assert waits(folder) == (True, False)  # its test has changed; the question and its answer have not
    run(folder, force=True)
    assert waits(folder) == (True, False)
    hand_in(folder, "bob", filled(released(norms()), ANSWERS))
    run(folder)
    with Gradebook(folder.db_url, "foreign") as gradebook:
        test = gradebook.find_grade("mean_tests", "norms", "ps1", "bob")
        why = gradebook.find_grade("why", "norms", "ps1", "bob")
        assert (test.auto_score, test.manual_score, test.extra_credit, test.score) == (1, 0.5, 0.25, 0.75)
        assert (why.auto_score, why.manual_score, why.score) == (None, 1.5, 1.5)
        for cell in ("mean", "why"):
            assert gradebook.find_comment(cell, "norms", "ps1", "bob").comment == f"on {cell}"
        assert gradebook.find_submission("ps1", "bob").score == 3 + 0.75 + 2 + 1.5
    assert waits(folder) == (True, True)


def test_an_answer_that_changed_is_asked_about_though_the_run_was_killed_while_it_was_kept(
    folder: CourseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Gradebook(folder.db_url, "foreign") as gradebook:
        why = gradebook.find_grade("why", "norms", "ps1", "bob")
        why.manual_score, why.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    hand_in(folder, "bob", filled(released(norms()), ANSWERS | {"why": "Now with another reason."}))

    def killed(*_: object) -> None:
        raise CourseError("killed")

    monkeypatch.setattr(record, "record", killed)  # after the files are written
    with pytest.raises(CourseError, match="killed"):
        run(folder)
    monkeypatch.undo()
    run(folder)
    assert waits(folder)[1]


def test_the_table_counts_what_a_person_gave(folder: CourseFolder, capsys: pytest.CaptureFixture[str]) -> None:
    before = {one.student: one.points for one in run(folder).values()}
    with Gradebook(folder.db_url, "foreign") as gradebook:
        gradebook.find_grade("why", "norms", "ps1", "bob").manual_score = 1.5
        gradebook.db.commit()
    table = folder.root / "points.csv"
    done = CliRunner().invoke(app, ["grade", "ps1/", "--jobs", "1", "--course", str(folder.root), "--csv", str(table)])
    assert done.exit_code == 0, done.output
    with table.open(newline="", encoding="utf-8-sig") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert float(rows["bob"]["points"]) == before["bob"] + 1.5
    assert float(rows["ada"]["points"]) == before["ada"]


def waits(folder: CourseFolder) -> tuple[bool, bool]:
    """Whether bob's test and his written answer are put before a person."""
    with Gradebook(folder.db_url, "foreign") as gradebook:
        found = (gradebook.find_grade(name, "norms", "ps1", "bob") for name in ("mean_tests", "why"))
        test, why = (grade.needs_manual_grade for grade in found)
        return test, why


def test_the_command_prints_and_writes_what_moved(folder: CourseFolder) -> None:
    change_test(folder)
    ask = ["grade", "ps1", "--jobs", "1", "--course", str(folder.root), "--moved"]
    done = CliRunner().invoke(app, [*ask, str(folder.root / "moved.json")])
    assert done.exit_code == 0, done.output
    assert "graded again: 2 (source changed); points moved for 1 student" in done.output
    (line,) = [line.split() for line in done.output.splitlines() if "test changed" in line]
    assert line == ["bob", "mean", "0", "1", "test", "changed"]
    assert json.loads((folder.root / "moved.json").read_text()) == [
        {
            "student": "bob",
            "lesson": "ps1",
            "notebook": "norms",
            "exercise": "mean",
            "before": 0,
            "after": 1,
            "by_hand": None,
            "causes": ["test"],
        }
    ]
    change_test(folder, "assert mean == 3")
    assert CliRunner().invoke(app, [*ask, str(folder.root / "moved.csv")]).exit_code == 0
    with (folder.root / "moved.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert list(row.values()) == ["bob", "ps1", "norms", "mean", "1", "0", "", "test"]
    before = rows(folder)
    refused = CliRunner().invoke(app, [*ask, "moved.xlsx"])
    assert "give it one of these endings" in str(refused.exception)
    assert rows(folder) == before
