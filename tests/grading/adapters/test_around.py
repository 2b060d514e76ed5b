"""What stands around the tests of another course: its plug-ins, its kernels, what its instructor tells nbgrader."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from traitlets.config import Config, PyFileConfigLoader
from traitlets.config.loader import DeferredConfigString

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.adapters.preprocessors import RepairCells, exam_of
from course.grading.gradebook.assignment import ensure_assignment
from course.grading.run import grade
from tests.grading.notebooks import answer, code, filled, graded, make_course, notebook, released

REPOSITORY = Path(__file__).parents[3]
RIGHT = notebook(answer("a", "x = 1"), graded("t", "assert x == 1", points=2))
ABOUT = {"nbgrader": {"assignment": "ps1", "notebook": "norms", "student": "ann"}}
HALF = (
    "from nbgrader.plugins import BasePlugin\nclass Half(BasePlugin):\n"
    "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n        return score / 2\n"
)


def hand_in(folder: CourseFolder, node: NotebookNode, **files: str) -> None:
    place = folder.submitted / "ann/ps1"
    place.mkdir(parents=True)
    nbformat.write(node, place / "norms.ipynb")
    for name, text in files.items():
        (place / f"{name}.txt").write_text(text)


def test_a_plug_in_beside_the_configuration_is_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = "from half import Half\nassert Half\nc.AssignLatePenalties.plugin_class = 'half.Half'\n"
    (tmp_path / "half.py").write_text(HALF)
    folder = make_course(tmp_path.resolve(), config=config, norms=RIGHT)
    hand_in(folder, RIGHT, timestamp="2026-02-02 10:00:00 UTC")
    monkeypatch.chdir("/")
    (verdict,) = grade(folder, "ps1")
    with Gradebook(folder.db_url, "foreign") as gradebook:
        gradebook.find_assignment("ps1").duedate = gradebook.find_submission("ps1", "ann").timestamp.replace(year=2025)
        gradebook.db.commit()
    (verdict,) = grade(folder, "ps1")
    assert verdict.points == 2
    with Gradebook(folder.db_url, "foreign") as gradebook:
        assert gradebook.find_submission_notebook("norms", "ps1", "ann").late_submission_penalty == 1
    assert str(folder.root) not in sys.path


def test_autotest_templates_in_the_course_folder_are_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = Path(nbgrader.__file__).parent / "docs/source/user_guide/autotests.yml"
    shutil.copy(templates, tmp_path)
    source = notebook(answer("a", "x = [1, 2]"), graded("t", "### AUTOTEST x"))
    folder = make_course(tmp_path.resolve(), norms=source)
    hand_in(folder, filled(released(source), {"a": "x = [1, 2]"}))
    monkeypatch.chdir("/")
    (verdict,) = grade(folder, "ps1")
    assert [(cell.earned, cell.message) for cell in verdict.cells] == [(1, "")]
    run = nbformat.read(folder.autograded / "ann/ps1/norms.ipynb", as_version=4)
    assert "AUTOTEST" not in run.cells[1].source


def test_a_time_limit_on_nbgraders_command_line_counts(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), config="c.Execute.timeout = 50\n", norms=RIGHT)
    about = ABOUT["nbgrader"]
    asked = Config({"Execute": {"timeout": 7}})
    limits = [exam.limits.cell_s for exam in (exam_of(folder, about), exam_of(folder, about, asked)) if exam]
    assert limits == [50, 7]


def test_a_time_limit_is_read_as_nbgraders_command_line_hands_it_on(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), norms=RIGHT)
    told = {"7": 7.0, "0.5": 0.5, "None": 3600.0}
    for text, seconds in told.items():
        exam = exam_of(folder, ABOUT["nbgrader"], Config({"Execute": {"timeout": DeferredConfigString(text)}}))
        assert exam is not None
        assert exam.limits.cell_s == seconds
    with pytest.raises(CourseError, match=r"'soon'.*it must be seconds"):
        exam_of(folder, ABOUT["nbgrader"], Config({"Execute": {"timeout": DeferredConfigString("soon")}}))


def test_nbgraders_command_grades_a_course_that_is_configured_elsewhere(tmp_path: Path) -> None:
    """As on a JupyterHub: the settings lie in one folder and name the course's, which has none of its own."""
    source = notebook(
        answer("a", "x = 1"),
        graded("t", "assert x == 1", points=2),
        code("open('note.txt', 'w').write(str(x)); open('norms.html', 'w').write('mine')"),
    )
    root = (tmp_path / "course").resolve()
    root.mkdir()
    folder = make_course(root, norms=source, blank=notebook())
    desk = tmp_path / "desk"
    desk.mkdir()
    text = (root / "nbgrader_config.py").read_text()
    steps = PyFileConfigLoader("nbgrader_config.py", path=str(REPOSITORY)).load_config().Autograde
    text += "".join(f"c.Autograde.{name} = {value!r}\n" for name, value in steps.items())
    (desk / "nbgrader_config.py").write_text(text)
    for student, handed_in in {"ann": source, "bob": notebook()}.items():
        (folder.submitted / student / "ps1").mkdir(parents=True)
        nbformat.write(handed_in, folder.submitted / student / "ps1/norms.ipynb")
        nbformat.write(notebook(), folder.submitted / student / "ps1/blank.ipynb")
    ensure_assignment(folder, "ps1")
    (root / "nbgrader_config.py").unlink()

    command = [sys.executable, "-m", "nbgrader", "autograde", "ps1", "--create", "--Execute.timeout=30"]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command, cwd=desk, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "foreign") as gradebook:
        scores = {one: gradebook.find_submission("ps1", one).score for one in ("ann", "bob")}
    assert scores == {"ann": 2, "bob": 0}
    assert "the notebook had no cells: graded as one without answers" in done.stderr
    assert "is it the right notebook" not in done.stderr
    written = folder.autograded / "ann/ps1"
    assert (written / "note.txt").read_text() == "1"
    assert not (written / "norms.html").exists()


def test_a_notebook_that_is_not_to_be_run_keeps_what_it_came_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_course(tmp_path.resolve(), norms=RIGHT)
    monkeypatch.chdir(tmp_path)
    shown = nbformat.v4.new_output("execute_result", data={"text/plain": "1.5"})
    node = nbformat.from_dict(RIGHT)
    node.cells[1].outputs = [shown]
    kept, _ = RepairCells(config=Config({"Execute": {"enabled": False}})).preprocess(node, ABOUT)
    assert kept.cells[1].outputs == [shown]
    mended, _ = RepairCells().preprocess(node, ABOUT)
    assert mended.cells[1].outputs == []


@pytest.fixture
def another_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CourseFolder:
    """A course in R, whose kernel speaks Python for want of one, with a right answer handed in."""
    kernel = tmp_path / "share/kernels/ir"
    kernel.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "R", "language": "R"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    source = nbformat.from_dict(RIGHT)
    source.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    root = tmp_path / "course"
    root.mkdir()
    folder = make_course(root.resolve(), config="c.ClearSolutions.code_stub = {'R': 'stop()'}\n", norms=source)
    hand_in(folder, source)
    return folder


def test_another_language_is_graded_by_nbgraders_own_execution(another_language: CourseFolder) -> None:
    notes: list[str] = []
    (verdict,) = grade(another_language, "ps1", on_note=notes.append)
    assert (verdict.points, verdict.jail) == (2, "none (one kernel)")
    assert notes == [
        "norms is in r, not in Python: the lesson is graded by nbgrader's own execution, in one kernel without a jail"
    ]


@pytest.mark.parametrize("wish", ["require_jail", "require_apart"])
def test_another_language_is_refused_where_a_jail_is_required(another_language: CourseFolder, wish: str) -> None:
    with pytest.raises(CourseError, match="norms is in r, not in Python: only nbgrader's own execution"):
        grade(another_language, "ps1", **{wish: True})  # type: ignore[arg-type]
