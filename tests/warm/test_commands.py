"""A command that a server runs is the same command: its result, its streams, its folder, its signals, its end."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from course.folder import CourseFolder
from course.grading.system import tree
from tests.grading.notebooks import ANSWERS
from tests.warm.conftest import HERE, SERVER, Desk, hand_in, make_classroom, told, until

CLASS = {
    "bob": {**ANSWERS, "norm": "def norm(x, p):\n    return 5"},
    "cleo": {},
    "dan": {**ANSWERS, "norm": "import os\nos._exit(3)"},
    "eve": {**ANSWERS, "mean": "import os, signal\nos.kill(-1, signal.SIGKILL)"},
}
ENDLESS = {**ANSWERS, "mean": "print('here', flush=True)\nwhile True:\n    pass"}


def results(folder: CourseFolder) -> tuple[dict[str, Any], list[Any]]:
    """The verdicts without their times, and the gradebook's scores."""
    verdicts = {}
    for path in sorted(folder.autograded.glob("*/ps1/*.verdict.json")):
        verdict = json.loads(path.read_text())
        for part in (verdict, *verdict["cells"]):
            for gone in {"seconds", "seal"} & part.keys():
                del part[gone]
        verdicts[path.parts[-3]] = verdict
    with sqlite3.connect(folder.root / "gradebook.db") as db:
        rows = db.execute(
            "select s.student_id, b.name, g.auto_score, g.manual_score, g.needs_manual_grade from grade g "
            "join submitted_notebook n on g.notebook_id = n.id join submitted_assignment s on n.assignment_id = s.id "
            "join base_cell b on g.cell_id = b.id order by 1, 2"
        ).fetchall()
    db.close()
    return verdicts, rows


def test_grades_are_the_same_warm_and_cold(served: Desk, tmp_path: Path) -> None:
    warm, cold = (make_classroom(tmp_path / name / "course", **CLASS) for name in ("warm", "cold"))
    (cold.root / ".course_secret").write_text("0" * 64)
    (warm.root / ".course_secret").write_text("0" * 64)
    printed = served.run("grade", "ps1", cwd=warm.root)
    again = served.run("grade", "ps1", "--force", cwd=warm.root)
    plain = served.run("grade", "ps1", "--cold", cwd=cold.root)
    assert (told(warm)[0], told(cold)[0]) == (SERVER, HERE)
    assert printed.returncode == plain.returncode == 0, printed.stderr + plain.stderr
    assert printed.stdout == plain.stdout == again.stdout.partition("graded again")[0]
    assert (printed.stderr, plain.stderr) == ("", "")
    assert results(warm) == results(cold)
    assert len(results(warm)[0]) == 5


def test_a_command_has_its_own_folder_umask_variables_and_files(served: Desk, classroom: CourseFolder) -> None:
    inner = classroom.root / "source" / "ps1"
    done = subprocess.run(
        ["sh", "-c", 'umask 027; exec "$0" -m course grade ps1 --csv table.csv', sys.executable],
        env=served.variables | {"COLUMNS": "60"}, cwd=inner, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert told(classroom)[:3] == [SERVER, str(inner), "0o27"]
    assert max(map(len, done.stdout.splitlines())) <= 60
    assert (inner / "table.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("arguments", [("grade", "ps9"), ("grade",), ("grade", "ps1", "--jobs", "0"), ("ways", "ps9")])
def test_errors_and_their_status_are_the_same(
    served: Desk, classroom: CourseFolder, arguments: tuple[str, ...]
) -> None:
    warm = served.run(*arguments, cwd=classroom.root)
    cold = served.run(*arguments, cwd=classroom.root, CLOZEGRAD_WARM="0")
    assert (warm.returncode, warm.stdout, warm.stderr) == (cold.returncode, cold.stdout, cold.stderr)
    assert warm.returncode != 0


def test_closed_files_and_a_closed_pipe_are_the_commands_own(served: Desk, classroom: CourseFolder) -> None:
    line = f"{sys.executable} -m course grade ps1 <&- 2>&- | head -c 1"
    done = subprocess.run(["sh", "-c", line], env=served.variables, cwd=classroom.root, capture_output=True, text=True)
    assert done.returncode == 0
    assert told(classroom)[0] == SERVER
    assert len(done.stdout) == 1


@pytest.mark.parametrize("how", [("--cold",), ("--engine", "nbgrader"), ("--debug",)])
def test_some_commands_always_run_here(served: Desk, classroom: CourseFolder, how: tuple[str, ...]) -> None:
    served.run("grade", "ps9", *how, cwd=classroom.root)
    assert not (classroom.root / "ran").exists() or told(classroom)[0] == HERE


def test_another_environment_runs_here_and_borrows(served: Desk, classroom: CourseFolder) -> None:
    done = served.run("grade", "ps1", cwd=classroom.root, A_MOMENT_S="1")
    assert done.returncode == 0, done.stderr
    assert told(classroom)[0] == HERE
    assert told(classroom)[3] == "1"


def test_two_commands_at_once_do_not_know_of_each_other(served: Desk, tmp_path: Path) -> None:
    rooms = [make_classroom(tmp_path / name / "course", **CLASS) for name in ("one", "two")]
    running = [served.begin("grade", "ps1", cwd=room.root) for room in rooms]
    ends = [command.communicate() for command in running]
    assert [command.returncode for command in running] == [0, 0], ends
    first, second = (results(room) for room in rooms)
    assert first == second
    assert [told(room)[0] for room in rooms] == [SERVER, SERVER]


def begun(desk: Desk, folder: CourseFolder) -> tuple[subprocess.Popen[str], int]:
    """A command in the server that never ends by itself, and the process that does its work."""
    hand_in(folder, "zoe", ENDLESS)
    client = desk.begin("grade", "ps1", cwd=folder.root)
    until(lambda: (folder.root / "ran").exists() and len(told(folder)) == 5)
    return client, int(told(folder)[4])


def test_ctrl_c_ends_it_as_it_ends_any_command(served: Desk, classroom: CourseFolder) -> None:
    client, worker = begun(served, classroom)
    until(lambda: (classroom.root / "gradebook.db").exists())
    os.kill(client.pid, signal.SIGINT)
    _, complaints = client.communicate()
    assert client.returncode == 130
    assert "stopped: what was graded so far is saved" in complaints
    assert not tree.birth(worker)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_a_command_ends_both(served: Desk, classroom: CourseFolder, number: signal.Signals) -> None:
    client, worker = begun(served, classroom)
    os.kill(client.pid, number)
    client.communicate()
    assert client.returncode == -number
    assert not tree.birth(worker)


def test_a_command_whose_client_is_killed_ends(served: Desk, classroom: CourseFolder) -> None:
    client, worker = begun(served, classroom)
    os.kill(client.pid, signal.SIGKILL)
    client.communicate()
    until(lambda: not tree.birth(worker))
    assert served.run("grade", "ps1", "-s", "ada", cwd=classroom.root).returncode == 0


def test_a_command_that_is_killed_says_so_and_the_next_one_is_whole(served: Desk, classroom: CourseFolder) -> None:
    client, worker = begun(served, classroom)
    os.kill(worker, signal.SIGKILL)
    client.communicate()
    assert client.returncode == -signal.SIGKILL
    assert served.run("grade", "ps1", "-s", "ada", cwd=classroom.root).returncode == 0
    assert told(classroom)[0] == SERVER
