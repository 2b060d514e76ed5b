"""A hand-in is graded again only where something has changed that its result rests on."""

import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from course.folder import CourseFolder
from course.grading import engine
from course.grading.run import grade
from course.grading.verdict.model import SubmissionVerdict
from course.report.table import class_table
from tests.grading.gradebook.test_record import LATE, hand_in, rows, scores, set_due_date
from tests.grading.notebooks import ANSWERS, filled, make_course, norms, released, write_source

CLASS = ("ada", "bob")


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> CourseFolder:
    """A course in which two students have been graded once."""
    return make_graded(tmp_path_factory.mktemp("graded").resolve(), CLASS)


@pytest.fixture
def folder(master: CourseFolder, tmp_path: Path) -> CourseFolder:
    """A copy of that course, which has another place but the same secret."""
    root = (tmp_path / "course").resolve()
    shutil.copytree(master.root, root)
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text().replace(str(master.root), str(root)))
    return CourseFolder(root)


def make_graded(root: Path, students: Iterable[str]) -> CourseFolder:
    course = make_course(root, norms=norms())
    for student in students:
        hand_in(course, student, filled(released(norms()), ANSWERS))
    assert graded_in(course) == sorted(students)
    return course


def run(folder: CourseFolder, **options: object) -> list[SubmissionVerdict]:
    return grade(folder, "ps1", jobs=1, **options)  # type: ignore[arg-type]


def graded_in(folder: CourseFolder, **options: object) -> list[str]:
    """Grade, and tell who was; everybody has a verdict with all points of the tests."""
    verdicts = run(folder, **options)
    assert {verdict.student for verdict in verdicts} == {path.name for path in folder.submitted.iterdir()}
    assert {verdict.points for verdict in verdicts} == {6}
    return [verdict.student for verdict in verdicts if not verdict.kept]


def path_of(folder: CourseFolder, student: str) -> Path:
    return folder.autograded / student / "ps1/norms.ipynb"


def everything(folder: CourseFolder) -> dict[str, bytes]:
    """All that grading writes."""
    files = [path for path in folder.autograded.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in files} | {"rows": repr(rows(folder)).encode()}


def test_what_has_not_changed_is_not_graded_again_and_stays_as_it_is(folder: CourseFolder) -> None:
    before = everything(folder)
    assert graded_in(folder) == []
    assert everything(folder) == before
    assert "2 submissions, 2 unchanged and not graded again" in str(class_table(run(folder)).renderables[1])  # type: ignore[attr-defined]


def test_force_grades_everything_again(folder: CourseFolder) -> None:
    assert graded_in(folder, force=True) == [*CLASS]


def test_a_trace_is_of_a_grading(folder: CourseFolder) -> None:
    assert graded_in(folder, trace=True) == [*CLASS]


def test_only_what_is_asked_for_is_looked_at(folder: CourseFolder) -> None:
    assert [(one.student, one.kept) for one in grade(folder, "ps1", ["bob"], jobs=1)] == [("bob", True)]


def another_answer(folder: CourseFolder, who: str) -> None:
    hand_in(folder, who, filled(released(norms()), ANSWERS | {"mean": "mean = 3.0\nspread = 5"}))


def another_file(folder: CourseFolder, who: str) -> None:
    (folder.submitted / who / "ps1/helper.py").write_text("x = 1")


def another_attempt(folder: CourseFolder, who: str) -> None:
    hand_in(folder, who, filled(released(norms()), ANSWERS), "norms (1)")


def a_copy_of_jupyters(folder: CourseFolder, who: str) -> None:
    kept = folder.submitted / who / "ps1/.ipynb_checkpoints"
    kept.mkdir()
    shutil.copy(folder.submitted / who / "ps1/norms.ipynb", kept / "norms-checkpoint.ipynb")


def a_zip_file(folder: CourseFolder, who: str) -> None:
    path = folder.submitted / who / "ps1/norms.ipynb"
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
        archive.write(path, "norms.ipynb")
    path.unlink()


def a_copy_of_the_folder(folder: CourseFolder, who: str) -> None:
    shutil.copytree(folder.submitted / who / "ps1", folder.submitted / who / "ps1 (1)")


def another_name(folder: CourseFolder, who: str) -> None:
    path = folder.submitted / who / "ps1/norms.ipynb"
    path.rename(path.with_name("Copy of norms.ipynb"))


CHANGES = (
    another_answer,
    another_file,
    another_attempt,
    a_copy_of_jupyters,
    a_zip_file,
    a_copy_of_the_folder,
    another_name,
)


def test_a_changed_hand_in_alone_is_graded_again(tmp_path: Path) -> None:
    changed = {change.__name__: change for change in CHANGES}
    folder = make_graded(tmp_path.resolve(), ["ada", *changed])
    for who, change in changed.items():
        change(folder, who)
    assert graded_in(folder) == sorted(changed)
    assert graded_in(folder) == []


def damaged(folder: CourseFolder, who: str) -> None:
    path_of(folder, who).with_suffix(".verdict.json").write_text('{"schema": "clozegrad ver')


def without_a_verdict(folder: CourseFolder, who: str) -> None:
    path_of(folder, who).with_suffix(".verdict.json").unlink()


def another_notebook(folder: CourseFolder, who: str) -> None:
    path_of(folder, who).write_text(path_of(folder, who).read_text() + "\n")


def of_another_student(folder: CourseFolder, who: str) -> None:
    for name in ("norms.ipynb", "norms.verdict.json"):
        shutil.copy(path_of(folder, "ada").with_name(name), path_of(folder, who).with_name(name))


def of_an_older_version(folder: CourseFolder, who: str) -> None:
    path = path_of(folder, who).with_suffix(".verdict.json")
    data = {key: value for key, value in json.loads(path.read_text()).items() if key not in ("grounds", "disturbed")}
    path.write_text(json.dumps(data | {"version": 3}))


def another_score(folder: CourseFolder, who: str) -> None:
    with Gradebook(folder.db_url, "foreign") as gradebook:
        gradebook.find_grade("norm_tests", "norms", "ps1", who).auto_score = 1
        gradebook.db.commit()


def no_submission(folder: CourseFolder, who: str) -> None:
    with Gradebook(folder.db_url, "foreign") as gradebook:
        gradebook.remove_submission("ps1", who)


DAMAGES = (
    damaged,
    without_a_verdict,
    another_notebook,
    of_another_student,
    of_an_older_version,
    another_score,
    no_submission,
)


def test_a_result_that_is_not_whole_is_made_again(tmp_path: Path) -> None:
    changed = {change.__name__: change for change in DAMAGES}
    folder = make_graded(tmp_path.resolve(), ["ada", *changed])
    before = rows(folder, "grade")
    for who, change in changed.items():
        change(folder, who)
    assert graded_in(folder) == sorted(changed)
    assert rows(folder, "grade") == before
    assert graded_in(folder) == []


def test_a_gradebook_that_is_gone_is_filled_anew(folder: CourseFolder) -> None:
    before = rows(folder, "grade")
    (folder.root / "gradebook.db").unlink()
    assert graded_in(folder) == [*CLASS]
    assert rows(folder, "grade") == before


def another_test(folder: CourseFolder) -> None:
    source = norms()
    next(cell for cell in source.cells if cell.id == "mean_tests").source = "assert abs(mean - 3) < 1e-6"
    write_source(folder.root, source)


def another_release(folder: CourseFolder) -> None:
    (folder.release / "ps1").mkdir(parents=True)
    nbformat.write(released(norms()), folder.release / "ps1/norms.ipynb")


def another_course_file(folder: CourseFolder) -> None:
    (folder.source / "ps1/data.csv").write_text("1")


def another_limit(folder: CourseFolder) -> None:
    path = folder.root / "nbgrader_config.py"
    path.write_text(path.read_text() + "c.Execute.timeout = 77\n")


@pytest.mark.parametrize("change", [another_test, another_release, another_course_file, another_limit])
def test_what_the_course_changed_has_everybody_graded_again(
    folder: CourseFolder, change: Callable[[CourseFolder], None]
) -> None:
    change(folder)
    again = CourseFolder(folder.root)
    assert graded_in(again) == [*CLASS]
    assert graded_in(again) == []


def test_so_has_another_engine(folder: CourseFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course.grading.verdict.grounds.engine_hash", lambda: "another")
    assert graded_in(folder) == [*CLASS]
    monkeypatch.setattr("course.grading.verdict.grounds.installed_hash", lambda: "others")
    assert graded_in(folder) == [*CLASS]
    assert graded_in(folder) == []


def test_so_has_another_jail_and_running_all_cells(folder: CourseFolder) -> None:
    assert graded_in(folder, all_cells=True) == [*CLASS]
    data = json.loads(path_of(folder, "bob").with_suffix(".verdict.json").read_text())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("course.grading.jail.find_isolation", lambda: type("plain", (), {"name": "plain"}))
        assert graded_in(folder, all_cells=True) == ([*CLASS] if data["isolation"] != "plain" else [])


def test_times_of_files_change_nothing_even_in_the_future(folder: CourseFolder) -> None:
    for path in [*folder.root.rglob("*")]:
        os.utime(path, (4e9, 4e9))
    assert graded_in(folder) == []
    another_answer(folder, "bob")
    os.utime(folder.submitted / "bob/ps1/norms.ipynb", (1, 1))
    assert graded_in(folder) == ["bob"]


def test_a_deadline_that_moved_changes_the_penalty_without_grading(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), config=LATE, norms=norms())
    hand_in(folder, "ada", filled(released(norms()), ANSWERS), when="2026-01-01 13:00:00")
    assert graded_in(folder) == ["ada"]
    assert rows(folder, "submitted")["submitted"] == [("norms", "ada", 0, None)]
    set_due_date(folder)
    assert graded_in(folder) == []
    assert rows(folder, "submitted")["submitted"] == [("norms", "ada", 0, pytest.approx(0.6))]


def test_a_hand_in_that_cannot_be_graded_is_not_tried_again_until_it_changes(folder: CourseFolder) -> None:
    (folder.submitted / "bob/ps1/norms.ipynb").write_text("nothing of a notebook")
    assert [verdict.kept for verdict in run(folder)] == [True, False]
    assert [verdict.kept for verdict in run(folder)] == [True, True]
    assert scores(folder, "bob")["norm_tests"][0] == 0


def test_what_a_fault_of_the_machine_cost_is_graded_again(
    folder: CourseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_answer(folder, "bob")

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(engine.Engine, "_forked", no_room)
        notes: list[str] = []
        assert [(one.points, one.disturbed) for one in run(folder, on_note=notes.append)] == [(6, False), (0, True)]
        assert "this machine disturbed the grading of bob" in notes[-1]
    assert graded_in(folder) == ["bob"]
    assert graded_in(folder) == []


def test_what_a_person_entered_does_not_bring_the_hand_in_back(folder: CourseFolder) -> None:
    with Gradebook(folder.db_url, "foreign") as gradebook:
        grade_ = gradebook.find_grade("norm_tests", "norms", "ps1", "bob")
        grade_.manual_score, grade_.needs_manual_grade = 1.5, False
        gradebook.find_comment("norm", "norms", "ps1", "bob").manual_comment = "Explain."
        gradebook.db.commit()
    before = rows(folder)
    assert graded_in(folder) == []
    assert rows(folder) == before
