"""Servers come, are found, are replaced and leave, whatever happens to them; a command gets its grades all the same."""

import contextlib
import os
import re
import shutil
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import course
from course.folder import CourseFolder
from course.grading.process.forkserver import forkserver_environment
from course.grading.system import tree
from course.grading.warm import place
from course.grading.warm.line import AskStatus, Borrow, Lent, Line, Refused, Status
from course.grading.warm.place import Place, Unfit
from tests.grading.notebooks import ANSWERS
from tests.warm.conftest import HERE, SERVER, Desk, hand_in, make_classroom, told, until

NOBODY = 65534
pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")


def test_one_that_is_asked_for_starts_serves_and_leaves_when_told(desk: Desk, classroom: CourseFolder) -> None:
    assert "no warm engine runs" in desk.run("serve-engine", "--status").stdout
    for _ in range(2):
        done = desk.run("grade", "ps1", "--warm", cwd=classroom.root)
        assert done.returncode == 0, done.stderr
        assert told(classroom)[0] == SERVER
    [pid] = re.findall(r"process (\d+), up for", desk.run("serve-engine", "--status").stdout)
    assert int(pid) in tree.tree(int(pid))
    assert desk.run("serve-engine", "--stop").stdout == "ended: 1\n"
    until(lambda: not tree.birth(int(pid)))
    assert "no warm engine runs" in desk.run("serve-engine", "--status").stdout
    desk.run("grade", "ps1", cwd=classroom.root)
    assert told(classroom)[0] == HERE
    desk.run("grade", "ps1", cwd=classroom.root, CLOZEGRAD_WARM="1")
    assert told(classroom)[0] == SERVER


def test_one_that_nobody_asks_leaves_and_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    place_for_folders = tmp_path / "scratch"
    place_for_folders.mkdir()
    server = desk.serve("--idle-minutes", "0", TMPDIR=str(place_for_folders))
    assert server.wait() == 0
    assert "listening in" in desk.said
    assert not list((desk.runtime / "clozegrad").glob("*.sock"))
    assert not list(place_for_folders.iterdir())


def test_of_two_that_start_at_once_one_stays(desk: Desk, tmp_path: Path) -> None:
    rooms = [make_classroom(tmp_path / name / "course") for name in ("one", "two")]
    running = [desk.begin("grade", "ps1", "--warm", cwd=room.root) for room in rooms]
    ends = [command.communicate() for command in running]
    assert [command.returncode for command in running] == [0, 0], ends
    assert len(list((desk.runtime / "clozegrad").glob("*.sock"))) == 1
    assert desk.run("serve-engine", "--status").stdout.count("process") == 1
    again = desk.serve()
    assert again.wait() == 1
    assert "another engine listens" in desk.said


def test_one_that_is_killed_is_done_without_and_replaced(desk: Desk, classroom: CourseFolder) -> None:
    first = desk.serve()
    forks = tree.descendants(first.pid)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    until(lambda: not any(tree.birth(fork) for fork in forks))
    assert list((desk.runtime / "clozegrad").glob("*.sock"))
    assert desk.run("grade", "ps1", cwd=classroom.root).returncode == 0
    assert told(classroom)[0] == HERE
    assert desk.run("grade", "ps1", "--warm", cwd=classroom.root).returncode == 0
    assert told(classroom)[0] == SERVER


def test_a_command_goes_on_when_its_server_is_killed(desk: Desk, classroom: CourseFolder) -> None:
    server = desk.serve()
    gate = classroom.root / "gate"
    waiting = f"import pathlib, time\nwhile not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.01)\n"
    (classroom.root / "nbgrader_config.py").open("a").write(waiting)
    client = desk.begin("grade", "ps1", cwd=classroom.root)
    until((classroom.root / "ran").exists)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    gate.touch()
    printed, complaints = client.communicate()
    assert (client.returncode, complaints) == (0, "")
    assert "6 / 8" in printed


def test_forks_that_are_killed_between_and_within_commands_cost_no_grade(desk: Desk, classroom: CourseFolder) -> None:
    server = desk.serve()
    hand_in(classroom, "eve", {**ANSWERS, "mean": "import os, signal\nos.kill(-1, signal.SIGKILL)"})
    outputs = []
    for _ in range(2):
        outputs.append(desk.run("grade", "ps1", "--force", cwd=classroom.root).stdout)
        assert told(classroom)[0] == SERVER
        for fork in tree.descendants(server.pid):
            os.kill(fork, signal.SIGKILL)
    hand_in(classroom, "zoe", {**ANSWERS, "mean": "import time\ntime.sleep(3600)"})
    client = desk.begin("grade", "ps1", "--force", "-s", "ada", "-s", "zoe", cwd=classroom.root)
    grandchildren = lambda: [one for one in tree.descendants(server.pid) if len(tree.descendants(one)) > 1]  # noqa: E731
    until(lambda: (classroom.root / "autograded" / "ada").exists() and grandchildren())
    os.kill(client.pid, signal.SIGINT)
    client.communicate()
    until(lambda: not [one for one in tree.descendants(server.pid) if "-m course.warm" in _command(one)])
    outputs.append(desk.run("grade", "ps1", "--force", "-s", "ada", "-s", "eve", cwd=classroom.root).stdout)
    assert len({output.partition("graded again")[0] for output in outputs}) == 1, outputs
    assert "ada" in outputs[0]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def test_one_whose_own_code_has_changed_leaves_before_it_runs_anything(
    desk: Desk, classroom: CourseFolder, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(Path(course.__file__).parent, copy / "course", ignore=shutil.ignore_patterns("__pycache__"))
    server = desk.serve(PYTHONPATH=str(copy))
    assert desk.run("grade", "ps1", cwd=classroom.root, PYTHONPATH=str(copy)).returncode == 0
    assert told(classroom)[0] == SERVER
    (copy / "course" / "naming.py").open("a").write("# changed\n")
    assert desk.run("grade", "ps1", cwd=classroom.root, PYTHONPATH=str(copy)).returncode == 0
    assert told(classroom)[0] == HERE
    assert server.wait() == 0
    server = desk.serve(PYTHONPATH=str(copy))
    (copy / "something-1.0.dist-info").mkdir()
    assert desk.run("grade", "ps1", "--warm", cwd=classroom.root, PYTHONPATH=str(copy)).returncode == 0
    assert told(classroom)[0] == SERVER
    assert server.wait() == 0  # another has taken its place


@pytest.mark.parametrize("fault", ["open", "link", "file", pytest.param("foreign", marks=as_root)])
def test_a_folder_that_is_not_ones_own_is_never_used(desk: Desk, classroom: CourseFolder, fault: str) -> None:
    folder = desk.runtime / "clozegrad"
    if fault == "file":
        folder.touch()
    elif fault == "link":
        (desk.runtime / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to("elsewhere")
    else:
        folder.mkdir(mode=0o700)
        if fault == "open":
            folder.chmod(0o755)
        else:
            os.chown(folder, NOBODY, NOBODY)
    for option in ("--status", "--stop"):
        done = desk.run("serve-engine", option)
        assert (done.returncode, done.stdout) == (1, "")
        assert str(folder) in done.stderr
    desk.serve().wait()
    assert "error: " in desk.said
    assert desk.run("grade", "ps1", "--warm", cwd=classroom.root).returncode == 0
    assert told(classroom)[0] == HERE
    if folder.is_dir():
        assert not list(folder.iterdir())


@as_root
def test_a_socket_that_somebody_else_answers_is_told_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    name = f"{'0' * 16}.{'0' * 16}"
    with Place(make=True) as mine, socket.socket(socket.AF_UNIX) as listener:
        with contextlib.chdir(mine.path):  # a socket's path must be short
            listener.bind(f"{name}.sock")
        os.seteuid(NOBODY)
        try:
            listener.listen()  # who calls this is who answers
        finally:
            os.seteuid(0)
        with pytest.raises(Unfit, match="another user"):
            mine.connect(name, 1.0)
        answering, _ = listener.accept()
        with answering:
            assert answering.recv(1) == b""


@as_root
def test_a_stranger_is_told_nothing(served: Desk, classroom: CourseFolder) -> None:
    [address] = (served.runtime / "clozegrad").glob("*.sock")
    with _unlocked(address) as folder:
        child = os.fork()
        if not child:
            os._exit(_as_nobody(f"/proc/self/fd/{folder}/{address.name}"))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert served.run("grade", "ps1", cwd=classroom.root).returncode == 0
    assert told(classroom)[0] == SERVER


@contextlib.contextmanager
def _unlocked(address: Path) -> Iterator[int]:
    """The folder of a socket with all doors open, as they never are."""
    folder = os.open(address.parent, os.O_RDONLY)
    address.parent.chmod(0o711)
    address.chmod(0o777)
    try:
        yield folder
    finally:
        address.parent.chmod(0o700)
        os.close(folder)


def _as_nobody(address: str) -> int:
    """7 when the server hangs up on another user without a word."""
    with socket.socket(socket.AF_UNIX) as stranger:
        os.seteuid(NOBODY)
        try:
            stranger.connect(address)
            Line(stranger).send(AskStatus())
            Line(stranger).receive()
        except (EOFError, ConnectionError):
            return 7
        except BaseException:
            return 1
    return 0


def test_what_is_no_question_does_not_hold_the_server_up(served: Desk, classroom: CourseFolder) -> None:
    [address] = (served.runtime / "clozegrad").glob("*.sock")
    silent = [socket.socket(socket.AF_UNIX) for _ in range(3)]
    for each in silent:
        each.connect(str(address))
    silent[1].sendall(b"\0\0\0\x01\x90")
    silent[2].sendall(b"\xff" * 64)
    assert served.run("grade", "ps1", cwd=classroom.root).returncode == 0
    assert told(classroom)[0] == SERVER
    for each in silent:
        each.close()


def test_a_wish_whose_parts_are_of_other_types_does_not_end_the_server(served: Desk, classroom: CourseFolder) -> None:
    [address] = (served.runtime / "clozegrad").glob("*.sock")
    odd = Borrow([], [{}, 5], b"", "?", forkserver_environment())
    for files, answer in (([0, 2], Lent), ([0], Refused), ([], Refused)):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(address))
            Line(sock).send(odd, files)
            Line(sock).expect(answer)
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(address))
        Line(sock).send(AskStatus())
        assert Line(sock).expect(Status).idle_s == 1800
    assert served.run("grade", "ps1", cwd=classroom.root).returncode == 0
    assert told(classroom)[0] == SERVER


def test_nothing_of_a_command_stays_in_the_server_or_its_fork_servers(desk: Desk, classroom: CourseFolder) -> None:
    words = {name: f"{name}-{os.urandom(8).hex()}" for name in ("CONFIG", "ANSWER", "SOURCE", "VARIABLE")}
    (classroom.root / "nbgrader_config.py").open("a").write(f"A_SECRET = {words['CONFIG']!r}\n")
    source = classroom.root / "source/ps1/norms.ipynb"
    source.write_text(source.read_text().replace("How long is a vector?", words["SOURCE"]))
    hand_in(classroom, "ada", {**ANSWERS, "mean": f"mean, spread = 3, 5  # {words['ANSWER']}"})
    server = desk.serve()
    done = desk.run("grade", "ps1", cwd=classroom.root, CLOZEGRAD_REPOSITORY=words["VARIABLE"])
    assert done.returncode == 0
    assert told(classroom)[0] == SERVER
    secret = (classroom.root / ".course_secret").read_bytes().strip()
    until(lambda: len(tree.descendants(server.pid)) == 1)  # its one template, which has imported all that is wanted
    assert int(told(classroom)[4]) not in (server.pid, *tree.descendants(server.pid))
    for pid in (server.pid, *tree.descendants(server.pid)):
        memory = _memory(pid)
        assert b"course.grading" in memory
        assert [word for word in (*words.values(), secret.decode()) if word.encode() in memory] == []


def _memory(pid: int) -> bytes:
    """All that a process has written to and may read."""
    parts = []
    with open(f"/proc/{pid}/mem", "rb") as memory:
        for row in Path(f"/proc/{pid}/maps").read_text().splitlines():
            where, rights, *_ = row.split()
            if rights.startswith("rw"):
                start, stop = (int(address, 16) for address in where.split("-"))
                memory.seek(start)
                parts.append(memory.read(stop - start))
    return b"".join(parts)


def test_the_place_is_the_users_cache_where_there_is_no_runtime_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "deep" / "cache"))
    with Place(make=True) as made:
        assert made.path == tmp_path / "deep" / "cache" / place.CACHE_FOLDER
        assert stat.S_IMODE(made.path.stat().st_mode) == 0o700
