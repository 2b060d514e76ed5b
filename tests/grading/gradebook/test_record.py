"""The gradebook gets the rows that nbgrader itself would write, at once, and what people entered stays."""

import contextlib
import copy
import dataclasses
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.utils import determine_grade, is_grade, is_solution, is_task

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook import database
from course.grading.gradebook.record import ensure_assignment, record
from course.grading.verdict.model import CellVerdict, SubmissionVerdict, ending_for, written_verdict
from tests.grading.notebooks import (
    ANSWERS,
    filled,
    graded,
    locked,
    make_course,
    norms,
    notebook,
    released,
    write_source,
    written,
)

TABLES = {
    "student": "SELECT id, first_name, last_name, email, lms_user_id FROM student",
    "assignment": "SELECT name, duedate, course_id FROM assignment",
    "notebook": "SELECT n.name, a.name, n.kernelspec FROM notebook n JOIN assignment a ON a.id = n.assignment_id",
    "cell": """SELECT n.name, b.name, b.type, g.max_score, g.cell_type, t.max_score, t.cell_type FROM base_cell b
        JOIN notebook n ON n.id = b.notebook_id LEFT JOIN grade_cells g ON g.id = b.id
        LEFT JOIN task_cells t ON t.id = b.id""",
    "source": """SELECT n.name, s.name, s.cell_type, s.locked, s.source, s.checksum FROM source_cell s
        JOIN notebook n ON n.id = s.notebook_id""",
    "submission": """SELECT a.name, s.student_id, s.timestamp, s.extension FROM submitted_assignment s
        JOIN assignment a ON a.id = s.assignment_id""",
    "submitted": """SELECT n.name, a.student_id, s.flagged, s.late_submission_penalty FROM submitted_notebook s
        JOIN notebook n ON n.id = s.notebook_id JOIN submitted_assignment a ON a.id = s.assignment_id""",
    "grade": """SELECT a.student_id, n.name, b.name, b.type, g.auto_score, g.manual_score, g.extra_credit,
        g.needs_manual_grade FROM grade g JOIN base_cell b ON b.id = g.cell_id
        JOIN submitted_notebook s ON s.id = g.notebook_id JOIN notebook n ON n.id = s.notebook_id
        JOIN submitted_assignment a ON a.id = s.assignment_id""",
    "comment": """SELECT a.student_id, n.name, b.name, b.type, c.auto_comment, c.manual_comment FROM comment c
        JOIN base_cell b ON b.id = c.cell_id JOIN submitted_notebook s ON s.id = c.notebook_id
        JOIN notebook n ON n.id = s.notebook_id JOIN submitted_assignment a ON a.id = s.assignment_id""",
    "version": "SELECT version_num FROM alembic_version",
    "course": "SELECT id FROM course WHERE id != 'default_course'",  # nbgrader's own steps make it by accident
}


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    course = make_course(tmp_path, norms=norms())
    ensure_assignment(course, "ps1")
    return course


def hand_in(folder: CourseFolder, student: str, node: NotebookNode, name: str = "norms", when: str = "") -> None:
    target = folder.submitted / student / "ps1"
    target.mkdir(parents=True, exist_ok=True)
    nbformat.write(node, target / f"{name}.ipynb")
    if when:
        (target / "timestamp.txt").write_text(when)


def verdict(student: str = "ada", earned: dict[str, float | None] | None = None, **changes: Any) -> SubmissionVerdict:
    """A verdict on the answers in ANSWERS; full marks but for what `earned` says."""
    node = filled(released(norms()), ANSWERS)
    cells = []
    for cell in node.cells:
        if is_grade(cell):
            meta = cell.metadata.nbgrader
            if is_solution(cell):
                cells.append(written_verdict(cell))
            else:
                score = (earned or {}).get(meta.grade_id, meta.points)
                ending = "manual" if score is None else ending_for(score, meta.points)
                cells.append(CellVerdict(meta.grade_id, meta.points, score, ending))
    found = SubmissionVerdict(student, "ps1", tuple(cells), (), "none", 0.1, node, "norms")
    return dataclasses.replace(found, **changes)


def rows(folder: CourseFolder, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
    """What the gradebook holds, without the ids that are drawn by chance."""
    with sqlite3.connect(folder.root / "gradebook.db") as db:
        found = {name: sorted(db.execute(TABLES[name]).fetchall(), key=repr) for name in tables or TABLES}
    db.close()
    return found


def scores(folder: CourseFolder, student: str = "ada") -> dict[str, tuple[Any, ...]]:
    """Each cell's automatic score, manual score, extra credit, and whether a person must look."""
    return {row[2]: row[4:] for row in rows(folder, "grade")["grade"] if row[0] == student}


def nbgrader(folder: CourseFolder, *words: str) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=folder.root,
        env=os.environ | {"PATH": path},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()


def executed_verdict(folder: CourseFolder, student: str, name: str) -> SubmissionVerdict:
    """What nbgrader's executed notebook says."""
    node = nbformat.read(folder.autograded / student / "ps1" / f"{name}.ipynb", as_version=4)
    cells = []
    for cell in node.cells:
        if is_grade(cell):
            earned, points = determine_grade(cell)
            ending = "manual" if earned is None else ending_for(earned, points)
            cells.append(CellVerdict(cell.metadata.nbgrader.grade_id, points, earned, ending))
        elif is_task(cell):
            cells.append(written_verdict(cell))
    return SubmissionVerdict(student, "ps1", tuple(cells), (), "none", 1.0, node, name)


def second_notebook() -> NotebookNode:
    task = written("task", "Plot a norm in the cells below.", points=3)
    task.metadata.nbgrader.update(grade=False, solution=False, task=True, locked=True)
    essay = locked("essay", "total = 0")
    essay.metadata.nbgrader.update(grade=True, solution=True, locked=False, points=2.5)
    return notebook(task, essay, graded("partly", "0.5", points=1), graded("raises", "1 / 0", points=1))


LATE = """
from nbgrader.plugins import LateSubmissionPlugin
class Tenth(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.1 * score if total_seconds_late < 86400 else 1000
c.AssignLatePenalties.plugin_class = Tenth
"""


@pytest.mark.slow
def test_all_rows_are_those_that_nbgrader_writes(tmp_path: Path) -> None:
    theirs = make_course(tmp_path / "theirs", config=LATE, norms=norms(), second=second_notebook())
    ours = make_course(tmp_path / "ours", config=LATE, norms=norms(), second=second_notebook())
    nbgrader(theirs, "generate_assignment", "ps1")
    ensure_assignment(ours, "ps1")
    assert rows(ours) == rows(theirs)
    release = nbformat.read(theirs.release / "ps1/norms.ipynb", as_version=4)
    second = nbformat.read(theirs.release / "ps1/second.ipynb", as_version=4)
    for folder in (theirs, ours):
        set_due_date(folder)
        hand_in(folder, "ada", filled(release, ANSWERS), when="2026-01-01 11:00:00 UTC")
        hand_in(folder, "ada", filled(second, {"essay": "total = 3"}), "second")
        hand_in(folder, "bob", filled(release, ANSWERS | {"mean": "mean = 0"}), when="2026-01-01 12:30:00")
        hand_in(folder, "eve", release, when="2026-01-03 09:00:00 +0100")
        hand_in(folder, "eve", second, "second")
    nbgrader(theirs, "autograde", "ps1")
    for student, name in (("eve", "norms"), ("bob", "norms"), ("ada", "second"), ("eve", "second"), ("ada", "norms")):
        record(ours, executed_verdict(theirs, student, name))
    assert rows(ours) == rows(theirs)


def set_due_date(folder: CourseFolder) -> None:
    with Gradebook(folder.db_url, "foreign") as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate="2026-01-01 12:00:00 UTC")


def test_a_new_gradebook_is_one_that_nbgrader_opens(folder: CourseFolder) -> None:
    with Gradebook(folder.db_url, "foreign") as gradebook:
        assert gradebook.find_assignment("ps1").max_score == 8
        assert [cell.name for cell in gradebook.find_notebook("norms", "ps1").source_cells] == [
            cell.metadata.nbgrader.grade_id for cell in norms().cells if "nbgrader" in cell.metadata
        ]


def test_a_verdict_makes_student_and_submission(folder: CourseFolder) -> None:
    record(folder, verdict(earned={"norm_tests": 1.5, "mean_tests": 0.0}))
    assert scores(folder) == {
        "norm_tests": (1.5, None, None, 0),
        "mean_tests": (0.0, None, None, 0),
        "spread_tests": (2.0, None, None, 0),
        "why": (None, None, None, 1),
    }


def test_writing_again_changes_nothing(folder: CourseFolder) -> None:
    record(folder, verdict())
    before = (folder.root / "gradebook.db").read_bytes()
    record(folder, verdict())
    ensure_assignment(folder, "ps1")
    assert rows(folder)
    assert len(before) == (folder.root / "gradebook.db").stat().st_size
    first = rows(folder)
    record(folder, verdict())
    assert rows(folder) == first


def test_grades_do_not_depend_on_the_order_of_writing(tmp_path: Path) -> None:
    verdicts = [verdict(student, {"norm_tests": points}) for points, student in enumerate(["ada", "bob", "eve"])]
    found = []
    for name, order in (("one", verdicts), ("other", verdicts[::-1])):
        course = make_course(tmp_path / name, norms=norms())
        ensure_assignment(course, "ps1")
        for entry in order:
            record(course, entry)
        found.append(rows(course))
    assert found[0] == found[1]


def test_what_a_person_entered_stays(folder: CourseFolder) -> None:
    record(folder, verdict())
    with Gradebook(folder.db_url, "foreign") as gradebook:
        grade = gradebook.find_grade("norm_tests", "norms", "ps1", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2.5, 0.5, False
        gradebook.find_comment("norm", "norms", "ps1", "ada").manual_comment = "Well done."
        gradebook.db.commit()
    record(folder, verdict(earned={"norm_tests": 0.0}))
    assert scores(folder)["norm_tests"] == (0.0, 2.5, 0.5, 1)
    comments = {row[2]: row[4:] for row in rows(folder, "comment")["comment"]}
    assert comments["norm"] == (None, "Well done.")


def test_an_untouched_answer_gets_nbgraders_remark(folder: CourseFolder) -> None:
    node = filled(released(norms()), {"norm": "def norm(x, p): return 0"})
    record(folder, verdict(notebook=node))
    comments = {row[2]: row[4] for row in rows(folder, "comment")["comment"]}
    assert comments == {"norm": None, "mean": "No response.", "why": "No response."}


def test_no_score_is_above_the_maximum(folder: CourseFolder) -> None:
    record(folder, verdict(earned={"norm_tests": 99.0}))
    assert scores(folder)["norm_tests"][0] == 3


def test_a_notebook_that_was_not_handed_in_gets_nothing(tmp_path: Path) -> None:
    course = make_course(tmp_path, norms=norms(), second=second_notebook())
    ensure_assignment(course, "ps1")
    hand_in(course, "ada", released(norms()))
    record(course, verdict())
    assert scores(course)["partly"] == (0.0, None, None, 0)
    assert scores(course)["essay"] == (0.0, None, None, 0)
    hand_in(course, "bob", second_notebook(), "second")
    record(course, verdict("bob"))
    assert scores(course, "bob")["essay"] == (None, None, None, 1)


def test_the_time_of_handing_in_is_kept_when_it_is_not_given_again(folder: CourseFolder) -> None:
    hand_in(folder, "ada", norms(), when="2026-01-01 12:00:00 CET")
    record(folder, verdict())
    (folder.submitted / "ada/ps1/timestamp.txt").unlink()
    record(folder, verdict())
    assert rows(folder, "submission")["submission"] == [("ps1", "ada", "2026-01-01 11:00:00.000000", None)]


def test_a_time_that_cannot_be_read_costs_nobody_the_grade(folder: CourseFolder) -> None:
    hand_in(folder, "ada", norms(), when="yesterday at noon or so")
    record(folder, verdict())
    assert rows(folder, "submission")["submission"] == [("ps1", "ada", None, None)]
    assert scores(folder)["norm_tests"][0] == 3


def test_the_late_penalty_follows_the_score(tmp_path: Path) -> None:
    course = make_course(tmp_path, config=LATE, norms=norms())
    ensure_assignment(course, "ps1")
    set_due_date(course)
    hand_in(course, "ada", norms(), when="2026-01-01 13:00:00 UTC")
    record(course, verdict())
    assert rows(course, "submitted")["submitted"][0][-1] == pytest.approx(0.6)
    record(course, verdict(earned={"norm_tests": 0.0}))
    assert rows(course, "submitted")["submitted"][0][-1] == pytest.approx(0.3)
    (course.submitted / "ada/ps1/timestamp.txt").write_text("2026-01-01 11:00:00 UTC")
    record(course, verdict())
    assert rows(course, "submitted")["submitted"][0][-1] is None


def test_a_course_without_the_late_step_gives_no_penalty(tmp_path: Path) -> None:
    config = LATE + "c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.Execute']\n"
    course = make_course(tmp_path, config=config, norms=norms())
    ensure_assignment(course, "ps1")
    set_due_date(course)
    hand_in(course, "ada", norms(), when="2026-01-01 13:00:00 UTC")
    record(course, verdict())
    assert rows(course, "submitted")["submitted"][0][-1] is None


def test_an_unknown_cell_is_an_error_and_writes_nothing(folder: CourseFolder) -> None:
    odd = (*verdict().cells, CellVerdict("new_tests", 1, 1.0, "passed"))
    with pytest.raises(CourseError, match="no cell 'new_tests' of norms"):
        record(folder, verdict(cells=odd))
    assert rows(folder, "student", "grade") == {"student": [], "grade": []}


@pytest.mark.parametrize("change", [{"lesson": "ps9"}, {"notebook_name": "other"}])
def test_an_unknown_lesson_or_notebook_is_an_error(folder: CourseFolder, change: dict[str, str]) -> None:
    with pytest.raises(CourseError, match="the gradebook knows no"):
        record(folder, verdict(**change))


def test_only_known_students_where_the_course_says_so(tmp_path: Path) -> None:
    course = make_course(tmp_path, config="c.Autograde.create_student = False\n", norms=norms())
    ensure_assignment(course, "ps1")
    with pytest.raises(CourseError, match="nbgrader db student add ada"):
        record(course, verdict())


def test_a_gradebook_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    course = make_course(tmp_path, norms=norms())
    (tmp_path / "gradebook.db").write_text("this is not a database, but a text of some length " * 100)
    with pytest.raises(CourseError, match="cannot be written"):
        ensure_assignment(course, "ps1")


def test_many_writers_at_once_lose_nothing(folder: CourseFolder) -> None:
    names = [f"student{number}" for number in range(8)]
    threads = [threading.Thread(target=record, args=(folder, verdict(name))) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {row[0] for row in rows(folder, "grade")["grade"]} == set(names)
    assert len(rows(folder, "grade")["grade"]) == 4 * len(names)


# The source changes


def changed(**sources: str) -> NotebookNode:
    """The source with cells changed; an empty text takes a cell away."""
    node = norms()
    node.cells = [cell for cell in node.cells if sources.get(cell.metadata.get("nbgrader", {}).get("grade_id")) != ""]
    for cell in node.cells:
        cell.source = sources.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    return node


def test_the_source_may_change_after_submissions(folder: CourseFolder) -> None:
    record(folder, verdict())
    node = changed(norm_tests="assert norm([1], 1) == 1", spread_tests="")
    node.cells[5].metadata.nbgrader["points"] = 4
    node.cells.append(graded("new_tests", "assert True", points=2))
    node.cells[-1]["id"] = "new_tests"
    write_source(folder.root, node)
    ensure_assignment(folder, "ps1")
    assert scores(folder) == {
        "norm_tests": (3.0, None, None, 0),
        "mean_tests": (1.0, None, None, 0),
        "new_tests": (None, None, None, 1),
        "why": (None, None, None, 1),
    }
    sources = {row[1]: row[4] for row in rows(folder, "source")["source"]}
    assert sources["norm_tests"] == "assert norm([1], 1) == 1"
    assert "spread_tests" not in sources
    with contextlib.closing(sqlite3.connect(folder.root / "gradebook.db")) as db:
        stray = "select count(*) from grade where cell_id not in (select id from base_cell)"
        assert db.execute(stray).fetchone() == (0,)
    with Gradebook(folder.db_url, "foreign") as gradebook:
        assert gradebook.find_assignment("ps1").max_score == 9


def test_a_cell_that_a_person_has_marked_cannot_vanish(folder: CourseFolder) -> None:
    record(folder, verdict())
    with Gradebook(folder.db_url, "foreign") as gradebook:
        gradebook.find_grade("spread_tests", "norms", "ps1", "ada").manual_score = 1
        gradebook.db.commit()
    before = rows(folder)
    write_source(folder.root, changed(norm_tests="pass", spread_tests=""))
    with pytest.raises(CourseError, match="'spread_tests' is gone from the source of norms"):
        ensure_assignment(folder, "ps1")
    assert rows(folder) == before


def test_a_notebook_may_come_and_go(folder: CourseFolder) -> None:
    record(folder, verdict())
    before = rows(folder)
    write_source(folder.root, second_notebook(), "second")
    ensure_assignment(folder, "ps1")
    assert set(scores(folder)) == {
        "norm_tests",
        "mean_tests",
        "spread_tests",
        "why",
        "task",
        "essay",
        "partly",
        "raises",
    }
    (folder.root / "source/ps1/second.ipynb").unlink()
    ensure_assignment(folder, "ps1")
    assert rows(folder) == before


def test_before_submissions_the_order_of_cells_follows_the_source(folder: CourseFolder) -> None:
    node = norms()
    node.cells.insert(2, node.cells.pop(7))
    write_source(folder.root, node)
    ensure_assignment(folder, "ps1")
    with Gradebook(folder.db_url, "foreign") as gradebook:
        assert [cell.name for cell in gradebook.find_notebook("norms", "ps1").source_cells][:2] == [
            "setup_1",
            "setup_2",
        ]


def test_a_source_with_old_metadata_is_taken(tmp_path: Path) -> None:
    node = norms()
    for cell in node.cells:
        for key in ("schema_version", "task"):
            cell.metadata.get("nbgrader", {}).pop(key, None)
    course = make_course(tmp_path, norms=node)
    ensure_assignment(course, "ps1")
    assert len(rows(course, "source")["source"]) == 8


def test_a_source_that_nbgrader_cannot_take_is_an_error_that_names_it(tmp_path: Path) -> None:
    node = norms()
    node.cells.append(copy.deepcopy(node.cells[5]))
    node.cells[-1]["id"] = "copy"
    course = make_course(tmp_path, norms=node)
    with pytest.raises(CourseError, match=r"norms\.ipynb: nbgrader cannot take it.*"):
        ensure_assignment(course, "ps1")
    with pytest.raises(CourseError, match="holds no notebook"):
        ensure_assignment(course, "ps7")


def test_a_gradebook_that_another_program_holds_is_an_error_that_says_so(
    folder: CourseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    database._engine.cache_clear()
    monkeypatch.setattr(database, "WAIT_S", 0.1)
    path = folder.db_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin exclusive")
        with pytest.raises(CourseError, match=r"database is locked .another program has it open"):
            ensure_assignment(folder, "ps1")
    database._engine.cache_clear()
    ensure_assignment(folder, "ps1")
