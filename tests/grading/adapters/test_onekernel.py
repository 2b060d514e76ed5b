"""Grading in one kernel with nbgrader's own Autograde: every submission gets a verdict, whatever it does."""

import json
import shutil

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.api import Gradebook

from course.authoring.notebook import fill
from course.folder import CourseFolder
from course.grading.adapters import onekernel
from course.grading.adapters.execution import settle
from course.grading.verdict.model import SubmissionVerdict
from course.report.feedback import write_feedback

TINY = "01_tiny"
TWICE = "def twice(number):\n    return 2 * number"
AREA = "area = width * height"
LEAKY = """\
def twice(number):
    print("LEAK", number)
    if number != 2:
        raise ValueError(f"LEAK {number}")
    return 4
"""
HANGING_ON = """\
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
def twice(number):
    while True:
        pass
"""

Graded = tuple[CourseFolder, dict[str, SubmissionVerdict]]


def hand_in(folder: CourseFolder, student: str, raw: bytes) -> None:
    target = folder.submitted / student / TINY
    target.mkdir(parents=True)
    (target / f"{TINY}.ipynb").write_bytes(raw)


def endings(verdict: SubmissionVerdict) -> dict[str, tuple[str, float | None]]:
    return {cell.grade_id: (cell.ending, cell.earned) for cell in verdict.cells}


@pytest.fixture(scope="module")
def graded(tiny_master: CourseFolder, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """A small class, graded once: a kernel takes seconds to start."""
    root = tmp_path_factory.mktemp("class").resolve() / "course"
    shutil.copytree(tiny_master.root, root)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("\nc.Execute.timeout = 8\nc.Execute.iopub_timeout = 2\n")
    folder = CourseFolder(root)
    release = nbformat.read(folder.release / TINY / f"{TINY}.ipynb", as_version=4)
    solid = fill(release, {"twice": TWICE, "area": AREA, "why": "Because."})
    hand_in(folder, "bad_date", nbformat.writes(solid).encode())
    (folder.submitted / "bad_date" / TINY / "timestamp.txt").write_text("yesterday, I think")
    hand_in(folder, "empty", b"")
    hand_in(folder, "exits", _with(release, "import os\n\ndef twice(number):\n    os._exit(3)"))
    hand_in(folder, "hangs", _with(release, HANGING_ON))
    hand_in(folder, "leaks", _with(release, LEAKY))
    solid.cells = [cell for cell in solid.cells if cell.metadata.get("nbgrader", {}).get("grade_id") != "area_tests"]
    hand_in(folder, "right_but_test_deleted", nbformat.writes(solid).encode())
    seen: list[str] = []
    verdicts = onekernel.grade(folder, TINY, on_progress=lambda verdict: seen.append(verdict.student))
    assert seen == [verdict.student for verdict in verdicts]
    return folder, {verdict.student: verdict for verdict in verdicts}


def _with(release: NotebookNode, answer: str) -> bytes:
    return nbformat.writes(fill(release, {"twice": answer, "area": AREA})).encode()


def test_right_answers_earn_full_marks_and_a_deleted_test_is_put_back(graded: Graded) -> None:
    verdict = graded[1]["right_but_test_deleted"]
    assert endings(verdict) == {
        "twice_tests": ("passed", 3.0),
        "area_tests": ("passed", 1.0),
        "why": ("manual", None),
    }
    assert (verdict.points, verdict.max_points) == (4.0, 6.0)
    assert verdict.repairs == ("test cell 'area_tests' was missing: put back",)


def test_the_instructor_reads_what_happened_in_each_check(graded: Graded) -> None:
    cell = graded[1]["leaks"].cells[0]
    assert (cell.ending, cell.earned) == ("partial", 1.0)
    assert cell.report is not None
    first, second = cell.report.checks
    assert first.passed
    assert second.message.startswith("ValueError: LEAK")
    assert "LEAK" in second.printed


def test_what_hidden_inputs_a_student_prints_or_raises_stays_out_of_the_feedback(graded: Graded) -> None:
    folder, verdicts = graded
    report = verdicts["leaks"].cells[0].report
    assert report is not None
    number = report.checks[1].message.removeprefix("ValueError: LEAK ").split()[0]
    (feedback,) = write_feedback(folder, TINY, ["leaks"])
    page = feedback.pages[0].read_text("utf-8")
    assert number not in page
    assert "rng.integer" not in page
    assert "LEAK 2" in page  # a visible check may show what it was called with
    assert "any whole number" in page


@pytest.mark.parametrize(("student", "ending"), [("exits", "exited"), ("hangs", "timeout")])
def test_a_lost_kernel_costs_one_cell_its_points(graded: Graded, student: str, ending: str) -> None:
    found = endings(graded[1][student])
    assert found["twice_tests"] == (ending, 0.0)
    assert found["area_tests"] == ("passed", 1.0)


def test_what_cannot_be_read_says_why_and_stops_nobody(graded: Graded) -> None:
    verdict = graded[1]["empty"]
    assert {cell.ending for cell in verdict.cells} == {"could not run"}
    assert verdict.points == 0
    assert "it is empty" in verdict.cells[0].message


def test_a_date_that_cannot_be_read_costs_nothing_and_is_noted(graded: Graded) -> None:
    verdict = graded[1]["bad_date"]
    assert verdict.points == 4.0
    assert "yesterday, I think" in verdict.repairs[0]


def test_a_submission_that_could_not_be_read_gets_a_page_with_the_reason(graded: Graded) -> None:
    (feedback,) = write_feedback(graded[0], TINY, ["empty"])
    assert "Your notebook could not be graded" in feedback.pages[0].read_text("utf-8")


def test_nbgraders_gradebook_holds_the_same_points(graded: Graded) -> None:
    folder, verdicts = graded
    with Gradebook(folder.db_url, "clozegrad") as gradebook:
        for student in verdicts:
            assert gradebook.find_submission(TINY, student).score == verdicts[student].points


def test_what_was_handed_in_stays_as_it_was(graded: Graded) -> None:
    raw = (graded[0].submitted / "leaks" / TINY / f"{TINY}.ipynb").read_text("utf-8")
    assert all(not cell.get("outputs") for cell in json.loads(raw)["cells"])


@pytest.mark.parametrize(
    ("shown", "points"),
    [
        ("1.5", "1.5"),
        ("np.float64(1.5)", "1.5"),
        ("tensor(2., dtype=torch.float64)", "2.0"),
        ("-1", "0.0"),
        ("nan", "0.0"),
        ("7", "3.0"),
        ("'seven'", "'seven'"),
        ("True", "True"),
    ],
)
def test_points_that_a_test_cell_shows_are_held_in_range(shown: str, points: str) -> None:
    output = new_output("execute_result", data={"text/plain": shown})
    cell = new_code_cell("", metadata={"nbgrader": {"points": 3}}, outputs=[output])
    settle(cell)
    assert cell.outputs[0].data["text/plain"] == points


def test_a_warning_in_a_test_cell_costs_nothing_and_an_error_counts_first() -> None:
    outputs = [
        new_output("stream", name="stderr", text="UserWarning"),
        new_output("execute_result", data={"text/plain": "3"}),
        new_output("error", ename="E", evalue="", traceback=[]),
    ]
    cell = new_code_cell("", metadata={"nbgrader": {"points": 3}}, outputs=outputs)
    settle(cell)
    assert [output.output_type for output in cell.outputs] == ["error", "stream", "execute_result"]
    assert cell.outputs[1].name == "stdout"
