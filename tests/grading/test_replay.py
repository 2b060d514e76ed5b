"""`course replay`: a hand-in graded again for the instructor's eyes, and a debugger on the student's side."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.protocol import Step
from course.grading.replay import failing_call, replay
from course.report.conversation import Conversation, print_results
from course.report.relay import relay
from tests.grading.exam_fixture import ANSWERS, LESSON, Room, furnish, source
from tests.grading.notebooks import filled, raw, released

WRONG = "def double(x):\n    y = 3 * x\n    return y if len(x) > 1 else 2 * x"
PROMPT = "(student's side) "


@pytest.fixture
def course(tmp_path: Path) -> CourseFolder:
    """A course with one hand-in, which was never graded."""
    folder = furnish(tmp_path.resolve())
    place = folder.submitted / "ann" / LESSON
    place.mkdir(parents=True)
    (place / f"{LESSON}.ipynb").write_bytes(raw(filled(released(source()), ANSWERS | {"double": WRONG})))
    folder.seed("ann", LESSON)  # makes the course's secret
    return folder


def files(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below, with its time and content."""
    paths = [path for path in root.rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): (path.stat().st_mtime_ns, path.read_bytes()) for path in paths}


def course_command(folder: CourseFolder, *words: str) -> list[str]:
    return [sys.executable, "-m", "course", "replay", *words, "--course", str(folder.root)]


@pytest.mark.slow
def test_a_replay_shows_the_call_and_the_check_that_failed_and_changes_no_file(course: CourseFolder) -> None:
    before = files(course.root)
    done = subprocess.run(course_command(course, LESSON, "ann", "double"), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for part in (
        "11  checks.close(double(x), 2 * x)",
        "double(tensor float32 (6,) [",
        "→ tensor float32 (6,) [",
        "✗ any vector (0/1) · hidden",
        "Every value is 1.5 times the expected one.",
        "double_tests  2 / 3  partial",
    ):
        assert part in done.stdout
    assert "step" not in done.stdout
    assert files(course.root) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("02_none", "ann"), ("source/02_none", f"Lessons here: {LESSON}")),
        ((LESSON, "bob"), (f"submitted/bob/{LESSON}", "handed nothing in")),
        ((LESSON, "ann", "tripel"), (f"source/{LESSON}", "'tripel'", "double, field, Tiny, step")),
        ((LESSON, "ann", "--debug"), ("needs a terminal", "leave out --debug")),
    ],
)
def test_what_is_not_there_is_named_with_the_way_out(
    course: CourseFolder, words: tuple[str, ...], told: tuple[str, ...]
) -> None:
    done = subprocess.run(course_command(course, *words), capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert all(part in line for part in ("error: ", *told)), line


@pytest.mark.slow
def test_the_debugger_stops_in_the_call_that_failed_inside_the_jail(course: CourseFolder) -> None:
    typed = [
        "p x.shape, len(x) > 1",
        "n",
        "n",
        "p bool((y == 3 * x).all())",
        "p open('nbgrader_config.py').read()",
        "c",
    ]
    shown = in_a_terminal(course_command(course, LESSON, "ann", "double", "--debug"), typed)
    answers = shown.split(PROMPT)[1:]
    assert len(answers) == len(typed), shown
    assert "(torch.Size([6]), True)" in answers[0]
    assert "y = 3 * x" in answers[1]
    assert "True" in answers[3]
    assert "FileNotFoundError" in answers[4]
    assert "double_tests  2 / 3  partial" in answers[5]


@pytest.mark.slow
def test_the_debugger_opens_again_where_a_call_raised(course: CourseFolder) -> None:
    place = course.submitted / "ann" / LESSON / f"{LESSON}.ipynb"
    broken = "def double(x):\n    factor = 'two'\n    return x / nothing"
    place.write_bytes(raw(filled(released(source()), ANSWERS | {"double": broken})))
    shown = in_a_terminal(course_command(course, LESSON, "ann", "double", "--debug"), ["c", "p factor", "c"])
    assert "The call raised NameError: name 'nothing' is not defined" in shown
    assert "'two'" in shown.split(PROMPT)[2]


def in_a_terminal(command: list[str], typed: list[str]) -> str:
    """What a command shows in a terminal in which a line is typed at each prompt of the debugger."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown, left = b"", list(typed)
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if shown.count(PROMPT.encode()) > len(typed) - len(left) and left:
                os.write(ours, f"{left.pop(0)}\n".encode())
        os.close(ours)
    assert process.returncode == 0, shown.decode()
    return shown.decode().replace("\r", "")


def step(event: str, number: int = 0, **fields: object) -> Step:
    return {"event": event, "cell": 2, "number": number, "grade_id": "double_tests", **fields}


ASKED, GOT = step("asked", 1, op="call"), step("asked", 2, op="get")
PASSED, FAILED = step("check", passed=True), step("check", passed=False)


@pytest.mark.parametrize(
    ("steps", "call"),
    [
        ([ASKED, GOT, FAILED], (2, 1)),  # reading an attribute runs no code to stop in
        ([ASKED, PASSED, step("asked", 3, op="call"), FAILED], (2, 3)),
        ([ASKED, PASSED, FAILED], None),  # a check of a value that was fetched before
        ([ASKED, step("stopped")], (2, 1)),
        ([ASKED, PASSED], None),
        ([], None),
    ],
)
def test_the_failing_call_is_the_last_one_before_the_check(steps: list[Step], call: tuple[int, int] | None) -> None:
    assert failing_call(steps) == call
    assert failing_call(steps, "another") is None


def test_what_students_code_says_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    said = step("raised", 1, op="call", error="Value\x1b[2JError", message="\x1b]0;title\x07\u202eright", traceback="")
    Conversation(Console(force_terminal=False)).show(said)
    assert capsys.readouterr().out.strip() == "raised ValueError: ]0;titleright"


def test_the_relay_takes_away_what_steers_a_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    target = tmp_path / "screen"
    with target.open("w") as screen, relay(theirs, screen) as line:
        line.sendall("\x1b[31mgrün\x07\n".encode()[:6])
        line.sendall("\x1b[31mgrün\x07\n".encode()[6:])
        os.write(ours, b"p x\n")
        assert line.recv(100) == b"p x\n"
        line.sendall(b"end\n")
        while "end" not in target.read_text():
            time.sleep(0.01)
    os.close(ours)
    os.close(theirs)
    assert target.read_text() == "grün\nend\n"


def test_a_replay_refuses_what_is_not_python(course: CourseFolder) -> None:
    path = course.source / LESSON / f"{LESSON}.ipynb"
    path.write_text(path.read_text().replace('"language": "python"', '"language": "R"'))
    with pytest.raises(CourseError, match="not in Python"):
        replay(course, LESSON, "ann", tell=lambda step: None)


def test_results_name_only_the_exercise_asked_for(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    print_results([room.grade(ANSWERS)], Console(force_terminal=False), "field")
    shown = capsys.readouterr().out
    assert "field_tests  1 / 1  passed" in shown
    assert "double" not in shown
