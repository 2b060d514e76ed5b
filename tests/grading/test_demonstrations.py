"""Demonstrations on which no point depends: not run to grade, shown as they were handed in, and missed by nobody."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook.assignment import ensure_assignment
from course.grading.limits import Limits
from course.grading.plan.exam import Exam, exams_of
from course.grading.run import grade
from course.grading.submission.files import HandIn
from course.grading.verdict import stored
from course.grading.verdict.marking import NOT_RUN
from course.grading.verdict.model import SubmissionVerdict
from course.report.feedback import write_feedback
from tests.grading.exam_fixture import Room, scores
from tests.grading.notebooks import answer, code, filled, graded, locked, make_course, notebook, raw, released

LIMITS = Limits(cell_s=6.0, call_s=3.0, test_s=20.0, submission_s=60.0, grace_s=1.0, memory_mb=1300.0)
DRAW = "def draw():\n    return float(torch.rand(1)) + random.random() + float(np.random.rand())"
SOURCE = notebook(
    locked("setup_1", "import random\nimport numpy as np\nimport torch"),
    code("bonus = 3\nprint('the course shows something')"),
    answer("twice", "def twice(x):\n    return 2 * x"),
    graded("twice_tests", "assert twice(2) == 4", points=2),
    code("torch.manual_seed(0)\nrandom.seed(0)\nnp.random.seed(0)\nprint(draw_many())"),
    answer("drawn", "drawn = float(torch.rand(1)) + random.random() + float(np.random.rand())"),
    graded("drawn_tests", "drawn / 3"),
    code("shown = [twice(n) for n in range(3)]\nprint(shown, torch.rand(1))"),
    answer("draw", DRAW),
    graded("draw_tests", "draw() / 3"),
    graded("test_tests", "(float(torch.rand(1)) + random.random() + float(np.random.rand())) / 3"),
)
ANSWERS = {
    "twice": "def twice(x):\n    return x + x",
    "drawn": SOURCE.cells[5].source,
    "draw": DRAW,
}


def exam(source: NotebookNode = SOURCE, *, all_cells: bool = False, tells_apart: bool = True) -> Exam:
    return Exam("ps1", "norms", source, released(source), {}, LIMITS, tells_apart=tells_apart, all_cells=all_cells)


def verdict_on(room: Room, handed_in: NotebookNode, asked: Exam) -> SubmissionVerdict:
    """What the engine that is warm finds in a notebook."""
    place = room.folder.submitted / "ann" / "ps1"
    place.mkdir(parents=True, exist_ok=True)
    (place / "norms.ipynb").write_bytes(raw(handed_in))
    return room.engines("namespaces").grade_one(HandIn("ann", asked, place / "norms.ipynb", place))


def both(room: Room, handed_in: NotebookNode, source: NotebookNode = SOURCE) -> SubmissionVerdict:
    """The verdict without the demonstrations that may be left out, after a look that all cells give the same points."""
    short, whole = (verdict_on(room, handed_in, exam(source, all_cells=every)) for every in (False, True))
    assert scores(short) == scores(whole)
    assert whole.not_run == ()
    return short


def handed_in(**answers: str) -> NotebookNode:
    return filled(released(SOURCE), ANSWERS | answers)


def text_of(verdict: SubmissionVerdict, place: int) -> str:
    """What a cell shows in the graded notebook, as text."""
    return "".join(output.get("text", "") for output in verdict.notebook.cells[place].outputs)


def test_demonstrations_are_left_out_and_shown_as_they_were_handed_in(room: Room) -> None:
    book = handed_in()
    picture = {"image/png": ["iVBO\n", "Rw0K\n"], "text/plain": "a picture"}
    book.cells[1].outputs = [
        new_output("stream", name="stdout", text="as handed in\n"),
        new_output("display_data", data=picture, metadata={"image/png": {"width": "9<script>"}}),
        {"output_type": "surprise"},
    ]
    verdict = both(room, book)
    assert verdict.not_run == tuple(verdict.notebook.cells[place].id for place in (1, 4, 7))
    assert verdict.notebook.metadata["clozegrad"]["not_run"] == list(verdict.not_run)
    stream, display, line = verdict.notebook.cells[1].outputs
    assert stream.text == "as handed in\n"
    assert display.data == {"image/png": "iVBO\nRw0K\n", "text/plain": "a picture"}
    assert display.metadata == {}
    assert line.text == f"[{NOT_RUN}]\n"
    assert text_of(verdict, 7) == f"[{NOT_RUN}]\n"


def test_all_cells_run_where_that_is_asked_for(room: Room) -> None:
    verdict = verdict_on(room, handed_in(), exam(all_cells=True))
    assert text_of(verdict, 1) == "the course shows something\n"
    assert "[0, 2, 4]" in text_of(verdict, 7)
    assert verdict_on(room, handed_in(), exam(tells_apart=False)).not_run == ()


def test_random_draws_do_not_depend_on_the_demonstrations(room: Room) -> None:
    """Each of the three tests earns what was drawn: by an answer, by a function of one, by the test itself."""
    verdict = both(room, handed_in())
    drawn = [scores(verdict)[name] for name in ("drawn", "draw", "test")]
    assert all(0 < (number or 0) < 1 for number in drawn)
    assert len(set(drawn)) == 3
    assert scores(verdict) == scores(both(room, handed_in()))


def test_what_a_process_that_ended_had_drawn_is_drawn_again(room: Room) -> None:
    ending = handed_in()
    ending.cells.insert(7, new_code_cell("import os\nos._exit(3)"))
    assert scores(both(room, ending)) == scores(both(room, handed_in()))


def test_an_answer_that_uses_what_a_demonstration_made_keeps_its_points(room: Room) -> None:
    verdict = both(room, handed_in(twice="def twice(x):\n    return x * (bonus - 1)"))
    assert scores(verdict)["twice"] == 2
    assert len(verdict.not_run) == 2


@pytest.mark.parametrize("reading", ["globals()['bonus']", "eval('bonus')", "get_ipython().user_ns['bonus']"])
def test_an_answer_that_may_read_any_name_finds_them_all(room: Room, reading: str) -> None:
    verdict = both(room, handed_in(twice=f"def twice(x):\n    return x * ({reading} - 1)"))
    assert scores(verdict)["twice"] == 2
    assert verdict.notebook.cells[1].id not in verdict.not_run


def test_a_demonstration_that_was_changed_runs_and_has_what_it_reads(room: Room) -> None:
    book = handed_in()
    book.cells[7].source = "print(bonus + 1)"
    book.cells.insert(8, new_code_cell("print('mine', bonus)"))
    verdict = both(room, book)
    assert text_of(verdict, 7) == "4\n"
    assert text_of(verdict, 8) == "mine 3\n"
    assert verdict.not_run == (verdict.notebook.cells[4].id,)


def test_an_answer_that_keeps_something_from_call_to_call_is_called_as_often(room: Room) -> None:
    source = notebook(answer("a", "..."), code("print(f())"), graded("a_tests", "f() / 9", points=1))
    for text, count, runs in (
        ("calls = []\ndef f():\n    calls.append(1)\n    return len(calls)", 2, True),
        ("def f(calls=[]):\n    calls.append(1)\n    return len(calls)", 2, True),
        ("def f():\n    calls = [1]\n    return len(calls)", 1, False),
    ):
        verdict = both(room, filled(released(source), {"a": text}), source)
        assert scores(verdict)["a"] == count / 9
        assert (verdict.not_run == ()) == runs


def test_a_test_that_runs_together_reads_what_a_demonstration_made(room: Room) -> None:
    source = notebook(
        code("bonus = 3"), code("spare = 3"), answer("a", "x = 1"), graded("a_tests", "assert x + bonus == 4")
    )
    together = exam(source).graded(["a_tests"])
    verdict = verdict_on(room, released(source), together)
    assert verdict.not_run == (verdict.notebook.cells[1].id,)


def test_only_a_demonstration_that_students_got_as_it_stands_is_one() -> None:
    """What stands otherwise in the source is an answer without nbgrader's marks."""
    source = notebook(code("x = 1"), code("y = 2"), graded("t", "assert y"))
    given = notebook(code("x = 1"), code("y = ..."), graded("t", "assert y"))
    found = replace(exam(source), release=given).leaving(source)
    assert found.left_out == {0}
    assert found.counting == {1, 2}


# Whose courses leave them out

PLAIN = notebook(
    code("bonus = 3\nprint('run')"),
    answer("a", "def twice(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
    graded("t", "assert twice(2) == 4\n### BEGIN HIDDEN TESTS\nassert twice(3) == 6\n### END HIDDEN TESTS", points=2),
    code("print(twice(2))"),
)
ASKED = "c.ClozegradEngine.leave_out_demonstrations = True\n"


def course(root: Path, config: str = "") -> CourseFolder:
    folder = make_course(root.resolve(), config=config, norms=PLAIN)
    place = folder.submitted / "ann/ps1"
    place.mkdir(parents=True)
    book = filled(released(PLAIN), {"a": "def twice(x):\n    return x + x"})
    book.cells[3].outputs = [new_output("stream", name="stdout", text="shown at home\nassert twice(3) == 6\n")]
    nbformat.write(book, place / "norms.ipynb")
    return folder


def test_another_course_runs_everything_unless_it_asks(tmp_path: Path) -> None:
    (plain,) = exams_of(course(tmp_path), "ps1")
    assert not plain.tells_apart
    (asking,) = exams_of(
        CourseFolder(tmp_path.resolve()), "ps1", {"ClozegradEngine": {"leave_out_demonstrations": True}}
    )
    assert asking.tells_apart


def test_our_own_lessons_leave_them_out_unless_told_otherwise(tiny_course: CourseFolder) -> None:
    (ours,) = exams_of(tiny_course, "01_tiny")
    assert ours.tells_apart
    (other,) = exams_of(tiny_course, "01_tiny", {"ClozegradEngine": {"leave_out_demonstrations": False}})
    assert not other.tells_apart


def test_what_is_neither_yes_nor_no_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        CourseError, match=r"nbgrader_config\.py: The 'leave_out_demonstrations' trait .* expected a boolean"
    ):
        exams_of(course(tmp_path), "ps1", {"ClozegradEngine": {"leave_out_demonstrations": "no"}})


def test_the_verdict_and_the_page_say_what_was_not_run(tmp_path: Path) -> None:
    """Below a hidden test, too: what was handed in cannot tell what that test has shown since."""
    folder = course(tmp_path, ASKED)
    (verdict,) = grade(folder, "ps1", jobs=1)
    kept = stored.read_beside(folder, folder.autograded / "ann/ps1/norms.ipynb")
    assert kept is not None
    assert kept.not_run == verdict.not_run == ("prose-0", "prose-3")
    (written,) = write_feedback(folder, "ps1")
    page = written.pages[0].read_text("utf-8")
    assert page.count(NOT_RUN) == 2
    assert "shown at home" in page
    assert "assert twice(3) == 6" not in page
    (whole,) = grade(folder, "ps1", jobs=1, all_cells=True)
    assert whole.not_run == ()
    assert whole.points == verdict.points == 2
    (written,) = write_feedback(folder, "ps1")
    page = written.pages[0].read_text("utf-8")
    assert NOT_RUN not in page
    assert "shown at home" not in page


def test_a_verdict_of_an_older_engine_says_that_all_was_run(tmp_path: Path) -> None:
    data = stored.data_of(grade(course(tmp_path, ASKED), "ps1", jobs=1)[0])
    path = tmp_path / "old.verdict.json"
    path.write_text(json.dumps({key: value for key, value in data.items() if key != "not_run"} | {"version": 2}))
    assert stored.read(path).not_run == ()


@pytest.mark.slow
def test_nbgraders_own_command_leaves_out_the_same(tmp_path: Path) -> None:
    steps = (
        (Path(__file__).parents[2] / "nbgrader_config.py").read_text("utf-8").split("# submitted/ -> autograded/")[1]
    )
    steps = steps.split("c.Execute.timeout")[0].split("\n", 1)[1]
    folder = course(tmp_path, ASKED + steps)
    ensure_assignment(folder, "ps1")
    tools = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", "autograde", "ps1", "--create", "--force"]
    for extra, count in ((["--ClozegradEngine.leave_out_demonstrations=False"], 0), ([], 2)):
        done = subprocess.run([*command, *extra], cwd=folder.root, capture_output=True, text=True, env=tools)
        assert done.returncode == 0, done.stderr
        path = folder.autograded / "ann/ps1/norms.ipynb"
        verdict = stored.read_beside(folder, path)
        assert verdict is not None
        assert len(verdict.not_run) == count
        assert verdict.points == 2
        shown = "".join(output.text for output in nbformat.read(path, 4).cells[3].outputs)
        assert shown == (f"shown at home\nassert twice(3) == 6\n[{NOT_RUN}]\n" if count else "4\n")
