"""`course grade` from end to end: courses written for nbgrader alone, graded by the engine and by nbgrader side by side."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import nbgrader as nbgrader_package
import pytest
from nbformat.v4 import new_output
from nbgrader.api import Gradebook

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook.record import ensure_assignment
from course.grading.keeping import save
from course.grading.plan.exam import exams_of
from course.grading.run import grade
from course.grading.system import tree
from course.grading.verdict.marking import could_not_run
from tests.conftest import TINY
from tests.conftest import hand_in as hand_in_tiny
from tests.grading.gradebook.test_record import (
    ANSWERS,
    LATE,
    hand_in,
    nbgrader,
    rows,
    scores,
    second_notebook,
    set_due_date,
)
from tests.grading.notebooks import answer, filled, graded, locked, make_course, norms, notebook, released

USER_GUIDE = Path(nbgrader_package.__file__).parent / "docs/source/user_guide"
PARTIAL = graded("steps", "right = [norm([3, 4], 2) == 5, norm([1], 1) == 1, norm([2], 1) == 3]\nsum(right)", points=3)


def partly() -> object:
    """A notebook with partial credit by the last value, a cell worth nothing, and code that only warns."""
    return notebook(
        locked("setup", "import warnings"),
        answer("norm", "### BEGIN SOLUTION\ndef norm(x, p):\n    return sum(v ** p for v in x) ** (1 / p)\n### END SOLUTION"),
        PARTIAL,
        graded("bonus", "assert norm([5], 1) == 5", points=0),
    )  # fmt: skip


def both(tmp_path: Path, config: str = "") -> tuple[CourseFolder, CourseFolder]:
    """The same foreign course twice, with the same hand-ins: one for nbgrader, one for the engine."""
    made = []
    for name in ("theirs", "ours"):
        folder = make_course(
            (tmp_path / name).resolve(), config=config, norms=norms(), second=second_notebook(), partly=partly()
        )
        nbgrader(folder, "generate_assignment", "ps1")
        set_due_date(folder)
        release, second, part = (released(node) for node in (norms(), second_notebook(), partly()))
        hand_in(folder, "ada", filled(release, ANSWERS), when="2026-01-01 11:00:00 UTC")
        hand_in(folder, "ada", filled(second, {"essay": "total = 3"}), "second")
        hand_in(
            folder, "ada", filled(part, {"norm": "def norm(x, p): return sum(v ** p for v in x) ** (1 / p)"}), "partly"
        )
        hand_in(folder, "bob", filled(release, ANSWERS | {"mean": "mean = 0"}), when="2026-01-01 12:30:00")
        hand_in(folder, "bob", filled(part, {"norm": "def norm(x, p): return x[0]"}), "partly")
        hand_in(folder, "eve", release, when="2026-01-03 09:00:00 +0100")
        hand_in(folder, "eve", second, "second")
        made.append(folder)
    return made[0], made[1]


@pytest.mark.slow
def test_a_foreign_course_gets_the_rows_that_nbgrader_writes(tmp_path: Path) -> None:
    theirs, ours = both(tmp_path, LATE)
    nbgrader(theirs, "autograde", "ps1")
    verdicts = grade(ours, "ps1", jobs=1)
    assert {(one.student, one.name) for one in verdicts} == {
        (student, name) for student in ("ada", "bob", "eve") for name in ("norms", "partly", "second")
    }
    assert rows(ours, "grade", "submission") == rows(theirs, "grade", "submission")


@pytest.mark.slow
def test_nbgraders_own_example_course_gives_its_answers_full_marks(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'foreign'\n")
    folder = CourseFolder(root)
    shutil.copytree(USER_GUIDE / "source/ps1", folder.source / "ps1")
    shutil.copytree(USER_GUIDE / "source/ps1", folder.submitted / "ada/ps1")
    verdicts = grade(folder, "ps1", jobs=1)
    assert {cell.grade_id: cell.earned for one in verdicts for cell in one.cells if cell.earned is not None} == {
        cell.grade_id: cell.points for one in verdicts for cell in one.cells if cell.earned is not None
    }
    assert "sum_of_squares_uses_squares" in {cell.grade_id for one in verdicts for cell in one.cells}


def test_what_a_person_entered_stays_through_a_regrade(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), norms=norms())
    ensure_assignment(folder, "ps1")
    hand_in(folder, "ada", filled(released(norms()), ANSWERS | {"mean": "mean = 3\nspread = 0"}))
    grade(folder, "ps1", jobs=1)
    with Gradebook(folder.db_url, "foreign") as gradebook:
        why = gradebook.find_grade("why", "norms", "ps1", "ada")
        why.manual_score, why.extra_credit = 1.5, 0.25
        gradebook.db.commit()
    before = scores(folder)
    grade(folder, "ps1", jobs=1)
    assert scores(folder) == before
    assert before["why"][1:3] == (1.5, 0.25)


def test_the_courses_own_limit_of_time_is_kept(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), config="c.Execute.timeout = 2\n", norms=norms())
    hand_in(folder, "ada", filled(released(norms()), ANSWERS | {"mean": "while True: pass"}))
    (verdict,) = grade(folder, "ps1", jobs=1)
    assert verdict.seconds < 20
    assert {cell.grade_id: cell.earned for cell in verdict.cells}["norm_tests"] == 3


def test_one_student_can_be_graded_alone_and_what_was_handed_in_stays(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), norms=norms())
    for student in ("ada", "bob"):
        hand_in(folder, student, filled(released(norms()), ANSWERS))
    (folder.submitted / "bob/ps1/notes.txt").write_text("mine")
    before = {path: path.read_bytes() for path in folder.submitted.rglob("*") if path.is_file()}
    (verdict,) = grade(folder, "ps1", ["bob"], jobs=1)
    assert verdict.student == "bob"
    assert (folder.autograded / "bob/ps1/notes.txt").read_text() == "mine"
    assert not (folder.autograded / "ada").exists()
    assert {path: path.read_bytes() for path in folder.submitted.rglob("*") if path.is_file()} == before


def test_an_unknown_engine_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no engine 'otter'"):
        grade(make_course(tmp_path.resolve(), norms=norms()), "ps1", engine="otter")


def test_the_owner_never_imports_torch() -> None:
    look = (
        "import sys, course.cli, course.grading.run, course.report.table\n"
        "from course.grading import jail\nfrom course.grading.process import forkserver\n"
        "forkserver.forkserver_environment(), jail.plan_for('plain', __import__('pathlib').Path('/nowhere'))\n"
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", look], check=True)


def test_the_fork_server_imports_nothing_that_only_its_owner_needs() -> None:
    look = "import sys, course.grading.process.candidate, course.grading.process.examiner; sys.exit('nbformat' in sys.modules)"
    subprocess.run([sys.executable, "-c", look], check=True)


@pytest.mark.slow
def test_nbgraders_own_commands_run_the_engine(tiny_course: CourseFolder) -> None:
    release = nbformat.read(tiny_course.release / TINY / f"{TINY}.ipynb", as_version=4)
    right = {"twice": "def twice(number):\n    return 2 * number", "area": "area = width * height", "why": "Because."}
    hand_in_tiny(tiny_course, "ann", release, **right)
    peek = "def twice(number):\n    import sys\n    return sys._getframe(1).f_locals['number'] * 0"
    hand_in_tiny(tiny_course, "eve", release, **right | {"twice": peek})
    nbgrader(tiny_course, "autograde", TINY)
    nbgrader(tiny_course, "generate_feedback", TINY)
    executed = nbformat.read(tiny_course.autograded / "ann" / TINY / f"{TINY}.ipynb", as_version=4)
    assert executed.metadata["clozegrad"]["jail"] in ("namespaces", "landlock", "plain")
    course_id = str(tiny_course.coursedir().course_id or "")
    with Gradebook(tiny_course.db_url, course_id) as gradebook:
        assert gradebook.find_submission(TINY, "ann").score == 4
        assert gradebook.find_submission(TINY, "eve").score == 1
    page = (tiny_course.feedback / "ann" / TINY / f"{TINY}.html").read_text("utf-8")
    assert "any whole number" in page
    assert "900_000_000" not in page
    assert os.listdir(tiny_course.autograded) != []


def test_where_nothing_can_be_written_it_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), norms=norms())
    ensure_assignment(folder, "ps1")
    verdict = could_not_run("ada", exams_of(folder, "ps1")[0], "x", "namespaces")
    folder.autograded.write_text("a file in the way")
    with pytest.raises(CourseError, match=r"cannot be written: .*run `course grade ps1` again"):
        save(folder, verdict)
    folder.autograded.unlink()
    save(folder, verdict)
    assert scores(folder)


@pytest.mark.skipif(os.geteuid() != 0 or not Path("/proc/mounts").exists(), reason="only root can mount a small disk")
def test_a_full_disk_is_said_and_leaves_the_old_result(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), norms=norms())
    ensure_assignment(folder, "ps1")
    verdict = could_not_run("ada", exams_of(folder, "ps1")[0], "x", "namespaces")
    folder.autograded.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.autograded], check=True)
    try:
        save(folder, verdict)
        path = folder.autograded / "ada/ps1/norms.ipynb"
        before = path.read_bytes()
        verdict.notebook.cells[0].source = "x" * 100_000
        with pytest.raises(CourseError, match="cannot be written: No space left"):
            save(folder, verdict)
        assert path.read_bytes() == before
        assert sorted(os.listdir(path.parent)) == ["norms.ipynb", "norms.verdict.json"]
    finally:
        subprocess.run(["umount", folder.autograded], check=True)


@pytest.mark.slow
def test_ctrl_c_ends_what_runs_keeps_what_is_graded_and_a_rerun_does_the_rest(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), config="c.Execute.timeout = 600\n", norms=norms())
    hand_in(folder, "ada", filled(released(norms()), ANSWERS))
    hand_in(folder, "bob", filled(released(norms()), ANSWERS | {"norm": "import time\ntime.sleep(600)"}))
    ensure_assignment(folder, "ps1")
    command = [sys.executable, "-m", "course", "grade", "ps1", "--jobs", "2"]
    running = subprocess.Popen(command, cwd=folder.root, stderr=subprocess.PIPE, text=True)
    while "norm_tests" not in scores(folder) and running.poll() is None:
        time.sleep(0.1)
    forks = tree.descendants(running.pid)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said == "stopped: what was graded so far is saved; run the command again to grade the rest\n"
    assert forks
    assert not [pid for pid in forks if tree.tree(pid)]
    assert scores(folder)["norm_tests"][0] == 3
    hand_in(folder, "bob", filled(released(norms()), ANSWERS))
    assert [one.student for one in grade(folder, "ps1", jobs=1) if one.points == 6] == ["ada", "bob"]


def test_what_cells_showed_is_kept_up_to_a_limit_and_the_rest_is_told(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), norms=norms())
    ensure_assignment(folder, "ps1")
    verdict = could_not_run("ada", exams_of(folder, "ps1")[0], "x", "namespaces")
    flood = [cell for cell in verdict.notebook.cells if cell.cell_type == "code"]
    for cell in flood[:3]:
        cell.outputs = [new_output("stream", name="stdout", text="x" * 30 * 2**20)]
    flood[-1].outputs = [new_output("stream", name="stdout", text="short")]
    kept = save(folder, verdict)
    assert kept.repairs[-1] == "the cells showed more than 50 MB: 2 of them are kept without it"
    path = folder.autograded / "ada/ps1/norms.ipynb"
    assert 30 * 2**20 < path.stat().st_size < 50 * 2**20
    assert kept.repairs[-1] in nbformat.read(path, as_version=4).metadata["clozegrad"]["repairs"]
    assert sum(len(text) for cell in kept.notebook.cells for text in [str(cell)]) < 10_000


def test_a_file_that_cannot_be_copied_is_a_note_of_that_student(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), norms=norms())
    ensure_assignment(folder, "ps1")
    here = folder.submitted / "ada/ps1"
    here.mkdir(parents=True)
    (here / ("n" * 255)).write_text("fits here")
    (here / "b.txt").write_text("b")
    target = folder.autograded / "ada/ps1"
    target.mkdir(parents=True)
    (target / ("n" * 255)).mkdir()
    (target / ("n" * 255) / "keep.txt").write_text("x")
    verdict = save(folder, could_not_run("ada", exams_of(folder, "ps1")[0], "x", "namespaces"))
    assert verdict.repairs[0] == "x"
    assert (target / "b.txt").read_text() == "b"
    assert (target / "norms.ipynb").is_file()


def test_a_page_that_was_handed_in_lies_in_no_ones_way(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), norms=norms())
    ensure_assignment(folder, "ps1")
    here = folder.submitted / "ada/ps1"
    (here / "norms.html").mkdir(parents=True)
    (here / "norms.html/x.txt").write_text("in the way")
    (here / "more.HTM").write_text("<script>")
    (here / "mine.csv").write_text("1")
    save(folder, could_not_run("ada", exams_of(folder, "ps1")[0], "x", "namespaces"))
    kept = sorted(os.listdir(folder.autograded / "ada/ps1"))
    assert kept == ["mine.csv", "norms.ipynb", "norms.verdict.json"]


def test_a_notebook_under_another_name_is_not_given_nothing_for_its_neighbour(tmp_path: Path) -> None:
    folder = make_course(tmp_path.resolve(), norms=norms(), second=second_notebook())
    hand_in(folder, "ada", filled(released(norms()), ANSWERS), "norms (1)")
    hand_in(folder, "ada", filled(released(second_notebook()), {"essay": "total = 3"}), "Copy of second")
    verdicts = grade(folder, "ps1", jobs=1)
    assert sum(one.points for one in verdicts) > 6
    earned = {cell.grade_id: cell.earned for one in verdicts for cell in one.cells}
    assert {name: row[0] for name, row in scores(folder).items() if name in earned} == earned
