"""What was found in a notebook is known to the next command, unless anything is new on which it rests."""

import copy
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from course.folder import CourseFolder
from course.grading import cached
from course.grading.plan import kept
from course.grading.plan.exam import OF_THE_TEXT, Exam, exams_of
from course.grading.plan.imports import packages
from course.grading.run import grade
from tests.grading.notebooks import answer, graded, locked, make_course, notebook

ROOT = Path(__file__).parents[3]
LESSONS = ("04_mnist_baseline", "09_rl_basics", "12_probability")
BOOK = notebook(
    locked("setup", "import math, helper\nrate = math.e"),
    answer("a", "### BEGIN SOLUTION\ndef f(x):\n    return helper.twice(x) * rate\n### END SOLUTION"),
    graded("t", "assert f(1) > 1"),
    graded("u", "assert rate > 2 and f(2) > f(1)"),
)


def found(exam: Exam) -> dict[str, object]:
    return {name: getattr(exam, name) for name in (*OF_THE_TEXT, "doubtful")}


def course(tmp_path: Path) -> CourseFolder:
    folder = make_course(tmp_path, config="c.ClozegradEngine.leave_out_demonstrations = True", norms=BOOK)
    (folder.source / "ps1/helper.py").write_text("def twice(x):\n    return 2 * x\n")
    return folder


def exam_of(folder: CourseFolder) -> Exam:
    (exam,) = exams_of(folder, "ps1")
    return exam


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_is_recalled_is_what_would_be_found(lesson: str, tmp_path: Path) -> None:
    folder = CourseFolder(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    shutil.copytree(ROOT / "source" / lesson, folder.source / lesson)
    shutil.copytree(ROOT / "release" / lesson, folder.release / lesson)
    (first,), (second,) = exams_of(folder, lesson), exams_of(folder, lesson)
    assert not kept.recall(folder, second)
    kept.keep(folder, first)
    assert kept.recall(folder, second)
    assert {*OF_THE_TEXT, "doubtful"} <= vars(second).keys(), "found out again"
    assert found(second) == found(first)
    name = next(iter(first.plan.tests))
    assert second.graded([name]).plan.apart([name]) == first.graded([name]).plan.apart([name])


def test_the_second_grading_knows_what_the_first_found(tmp_path: Path) -> None:
    folder = course(tmp_path)
    shutil.copytree(folder.source / "ps1", folder.submitted / "ann/ps1")
    (verdict,) = grade(folder, "ps1")
    assert [cell.earned for cell in verdict.cells] == [1, 1]
    assert kept.recall(folder, exam_of(folder))
    (again,) = grade(folder, "ps1", force=True)
    assert [cell.earned for cell in again.cells] == [1, 1]


def _source(folder: CourseFolder) -> None:
    changed = copy.deepcopy(BOOK)
    changed.cells[3].source += "\nassert f(0) == 0"
    nbformat.write(changed, folder.source / "ps1/norms.ipynb")


def _file_beside(folder: CourseFolder) -> None:
    (folder.source / "ps1/helper.py").write_text("def twice(x):\n    return x + x\n")


def _by_hand(folder: CourseFolder) -> None:
    path = cached.place(folder, kept.KIND, "ps1", "norms")
    data = json.loads(path.read_text())
    data["plan"]["statements"][0]["code"] = "import os"
    path.write_text(json.dumps(data))


def _cut_off(folder: CourseFolder) -> None:
    path = cached.place(folder, kept.KIND, "ps1", "norms")
    path.write_text(path.read_text()[:500])


@pytest.mark.parametrize("change", [_source, _file_beside, _by_hand, _cut_off])
def test_it_is_found_out_again_when_something_has_changed(
    change: Callable[[CourseFolder], None], tmp_path: Path
) -> None:
    folder = course(tmp_path)
    kept.keep(folder, exam_of(folder))
    assert kept.recall(folder, exam_of(folder))
    change(folder)
    exam = exam_of(folder)
    assert not kept.recall(folder, exam)
    assert not vars(exam).keys() & {*OF_THE_TEXT, "doubtful"}
    kept.keep(folder, exam)
    assert kept.recall(folder, exam_of(folder))


def test_a_package_that_lies_elsewhere_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = course(tmp_path)
    kept.keep(folder, exam_of(folder))
    assert kept.recall(folder, exam_of(folder))
    here = tmp_path / "packages"
    here.mkdir()
    (here / "helper.py").write_text("twice = None\n")
    monkeypatch.syspath_prepend(str(here))
    assert not kept.recall(folder, exam_of(folder))


@pytest.mark.parametrize("line", ["files = !ls", "helper?", "if True:\n    %matplotlib inline"])
def test_packages_are_found_beside_lines_for_ipython(line: str) -> None:
    assert packages(notebook(locked("a", f"import helper, math\n{line}"))).keys() >= {"helper", "math"}


@pytest.mark.filterwarnings("ignore:.*id field")  # each time it is read, nbformat thinks of new ones
def test_a_notebook_whose_cells_have_no_numbers_is_known_again(tmp_path: Path) -> None:
    folder = course(tmp_path)
    path = folder.source / "ps1/norms.ipynb"
    data = json.loads(path.read_text()) | {"nbformat": 4, "nbformat_minor": 5}
    for cell in data["cells"]:
        cell.pop("id", None)
    path.write_text(json.dumps(data))
    kept.keep(folder, exam_of(folder))
    assert kept.recall(folder, exam_of(folder))


def test_git_is_kept_out_of_what_holds_answers(tmp_path: Path) -> None:
    folder = course(tmp_path)
    kept.keep(folder, exam_of(folder))
    assert (tmp_path / ".cache/clozegrad/.gitignore").read_text() == "*\n"


def test_what_a_killed_command_left_half_written_goes(tmp_path: Path) -> None:
    folder = course(tmp_path)
    path = cached.place(folder, kept.KIND, "ps1", "norms")
    path.parent.mkdir(parents=True)
    old, new = path.with_name(".writing-old"), path.with_name(".writing-new")
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    kept.keep(folder, exam_of(folder))
    assert {one.name for one in path.parent.iterdir()} == {new.name, path.name}
    assert path.stat().st_mode & 0o777 == 0o644


def test_another_engine_finds_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = course(tmp_path)
    kept.keep(folder, exam_of(folder))
    monkeypatch.setattr(kept, "engine_hash", lambda: "of another version")
    assert not kept.recall(folder, exam_of(folder))


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    folder = course(tmp_path)
    (tmp_path / ".cache").write_text("a file where the folder would be")
    kept.keep(folder, exam_of(folder))
    assert not kept.recall(folder, exam_of(folder))
