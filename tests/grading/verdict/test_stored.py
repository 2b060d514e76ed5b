"""The verdict beside a graded notebook: what comes back is what was found, and only this course's own is believed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook.assignment import ensure_assignment
from course.grading.gradebook.saved import graded
from course.grading.keeping import save
from course.grading.plan.exam import exams_of
from course.grading.protocol import CellRecord
from course.grading.submission.repair import repair
from course.grading.verdict import stored
from course.grading.verdict.marking import mark
from course.grading.verdict.model import SubmissionVerdict
from course.report.table import went_wrong
from course.results import CellReport, CheckResult
from tests.grading.notebooks import ANSWERS, filled, make_course, norms, raw, released

CHECKS = (
    CheckResult("length of (3, 4)", 1, 1),
    CheckResult(
        "any vector",
        2,
        0,
        hidden=True,
        hint="Which p?",
        message="got 3, expected 4",
        printed="x = 1\n",
        told="got an int",
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    course = make_course(tmp_path.resolve(), norms=norms())
    ensure_assignment(course, "ps1")
    return course


@pytest.fixture
def verdict(folder: CourseFolder) -> SubmissionVerdict:
    """A verdict with a record of checks, an answer that ended with an error, and a cell for a person."""
    (exam,) = exams_of(folder, "ps1")
    repaired = repair(raw(filled(released(norms()), ANSWERS)), exam.source, exam.release)
    records = {}
    for index, cell in enumerate(repaired.notebook.cells):
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        records[index] = CellRecord("passed", seconds=0.25)
        if name == "norm_tests":
            records[index] = CellRecord(report=CellReport("norm", 3, CHECKS), seconds=0.5)
        elif name == "mean":
            error = {"output_type": "error", "ename": "ValueError", "evalue": "oh", "traceback": []}
            records[index] = CellRecord("failed", outputs=[error])
        elif name == "mean_tests":
            records[index] = CellRecord("timeout", "too slow", error="TimeLimit")
    return replace(mark("ada", exam, repaired, records, "namespaces", 1.5), repairs=("one\u200b note", "another"))


def plain(one: SubmissionVerdict) -> SubmissionVerdict:
    """Without what no file beside the notebook repeats."""
    return replace(one, notebook=None, cells=tuple(replace(cell, outputs=()) for cell in one.cells))


def test_what_is_read_is_what_was_saved(folder: CourseFolder, verdict: SubmissionVerdict) -> None:
    save(folder, verdict)
    path = folder.autograded / "ada/ps1/norms.verdict.json"
    back = stored.read(path)
    assert replace(back, notebook=None) == plain(verdict)
    assert back.cells[0].report == CellReport("norm", 3, CHECKS)
    assert went_wrong(back) == went_wrong(verdict)
    assert stored.read_beside(folder, path.with_name("norms.ipynb")) == back
    assert graded(folder, "ps1", "ada") == back.cells


def test_the_fields_are_those_of_the_documentation(folder: CourseFolder, verdict: SubmissionVerdict) -> None:
    save(folder, verdict)
    data = json.loads((folder.autograded / "ada/ps1/norms.verdict.json").read_text("utf-8"))
    documented = (Path(__file__).parents[3] / "docs/grading.md").read_text("utf-8")
    for name in [*data, *data["cells"][0], *data["cells"][0]["checks"][0], *data["answers"][0]]:
        assert f"`{name}`" in documented, name
    assert (data["schema"], data["version"], data["isolation"]) == (stored.SCHEMA, stored.VERSION, "namespaces")


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: "[]",
        lambda text: text.replace(f'"version": {stored.VERSION}', '"version": 99'),
        lambda text: text.replace('"cells"', '"celle"'),
        lambda text: text.replace('"ending": "timeout"', '"ending": "tired"'),
        lambda text: text.replace('"points": 3.0', '"points": "three"'),
        lambda text: text.replace('"label"', '"lable"'),
        lambda text: '{"a":' * 100_000,
    ],
)
def test_a_damaged_file_is_named(folder: CourseFolder, verdict: SubmissionVerdict, damage) -> None:
    save(folder, verdict)
    path = folder.autograded / "ada/ps1/norms.verdict.json"
    path.write_text(damage(path.read_text("utf-8")), "utf-8")
    for read in (lambda: stored.read(path), lambda: graded(folder, "ps1", "ada")):
        with pytest.raises(CourseError, match=r"norms\.verdict\.json is damaged"):
            read()


def test_a_verdict_that_was_handed_in_is_not_believed(folder: CourseFolder, verdict: SubmissionVerdict) -> None:
    full = replace(verdict, cells=tuple(replace(cell, earned=cell.points) for cell in verdict.cells))
    here = folder.submitted / "ada/ps1"
    here.mkdir(parents=True)
    for name in ("norms.verdict.json", "NORMS.Verdict.json"):
        (here / name).write_text(stored.text_of(folder, full, "{}"))
    save(folder, verdict)
    made = folder.autograded / "ada/ps1"
    assert sorted(path.name for path in made.iterdir()) == ["norms.ipynb", "norms.verdict.json"]
    (made / "norms.verdict.json").write_text(stored.text_of(folder, full, "{}"))  # as other commands may copy it
    assert stored.read_beside(folder, made / "norms.ipynb") is None
    assert [cell.earned for cell in graded(folder, "ps1", "ada")] == [cell.earned for cell in verdict.cells]


def test_a_verdict_older_than_its_notebook_is_not_believed(folder: CourseFolder, verdict: SubmissionVerdict) -> None:
    save(folder, verdict)
    path = folder.autograded / "ada/ps1/norms.ipynb"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert stored.read_beside(folder, path) is None
    assert graded(folder, "ps1", "ada")[0].report is not None


def test_a_notebook_without_a_verdict_beside_it_is_read_itself(
    folder: CourseFolder, verdict: SubmissionVerdict
) -> None:
    save(folder, verdict)
    before = graded(folder, "ps1", "ada")
    (folder.autograded / "ada/ps1/norms.verdict.json").unlink()
    after = graded(folder, "ps1", "ada")
    assert [(cell.grade_id, cell.earned, cell.ending, cell.report) for cell in after] == [
        (cell.grade_id, cell.earned, cell.ending, cell.report) for cell in before
    ]
