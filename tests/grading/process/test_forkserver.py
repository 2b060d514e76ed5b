"""The fork server on machines whose libraries do more at import than they should."""

import errno
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
import threading
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack
import pytest

import course
from course.errors import CourseError
from course.grading import protocol
from course.grading.process.forkserver import FAILED_TO_START, ForkRefused, ForkServer, ForkServerDied

if not Path("/proc/self/task").is_dir():
    pytest.skip("threads are counted in /proc", allow_module_level=True)

FAILING = """
import errno, os, pathlib
fork, left = os.fork, pathlib.Path({left!r})
def refused():
    count = int(left.read_text())
    if count == 0:
        return fork()
    left.write_text(str(count - 1))
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
os.fork = refused
from course.grading.process.preload import main
main()
"""
JOB = protocol.ExaminerJob([], "seed", "/", 1.0, 1.0, 1.0, 1.0)
RESTLESS = "import threading, time\nthreading.Thread(target=time.sleep, args=(3600,), daemon=True).start()\n"


def test_a_module_that_starts_threads_is_left_to_the_forks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = environment(tmp_path, restless=RESTLESS, wrapper="import restless", quiet="")
    monkeypatch.setattr(sys, "executable", python)
    with ForkServer() as forkserver:
        forkserver.prepare(["quiet", "wrapper", "restless"])
        assert len(list(Path(f"/proc/{forkserver.pid}/task").iterdir())) == 1
        assert forkserver.status(forkserver.fork("examiner", JOB)) == FAILED_TO_START  # it forks, and finds no work


def test_what_is_imported_from_a_package_is_ready_if_it_is_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = f"import pathlib\nwith open({str(tmp_path / 'imported')!r}, 'a') as file:\n    print(__name__, file=file)"
    modules = {"pack.__init__": "function = len\n", "pack.module": writing, "pack.function": writing}
    monkeypatch.setattr(sys, "executable", environment(tmp_path, **modules))
    with ForkServer() as forkserver:
        forkserver.prepare(["pack", "pack.function", "pack.module", "pack.nothing"])
    assert (tmp_path / "imported").read_text() == "pack.module\n"


@pytest.fixture(scope="module")
def prepared() -> Iterator[ForkServer]:
    with ForkServer() as forkserver:
        forkserver.prepare()
        yield forkserver


def test_a_fork_server_that_was_killed_takes_its_forks_along_and_says_so_and_another_takes_its_place(
    prepared: ForkServer,
) -> None:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            prepared._ask(protocol.Fork("examiner"), protocol.Forked, [theirs.fileno()])  # it waits for its job
        os.kill(prepared.pid, signal.SIGKILL)
        assert ours.recv(1) == b""
    with pytest.raises(ForkServerDied, match=r"has died \(killed by signal 9\)") as death:
        prepared.fork("examiner", JOB)
    dead = death.value.generation
    reviving = threading.Thread(target=prepared.revive, args=[dead])
    reviving.start()
    while prepared.generation == dead:
        pass
    assert prepared.status(prepared.fork("examiner", JOB), wait_s=60) == FAILED_TO_START  # who asks meanwhile waits
    reviving.join()
    first = prepared.pid
    prepared.revive(dead)  # a second thread that saw the same one die
    assert prepared.pid == first


def failing(left: Path, refusals: int, patience_s: float = 60.0) -> ForkServer:
    """A fork server to which the kernel refuses as many forks as the file ``left`` says."""
    left.write_text(str(refusals))

    class Failing(ForkServer):
        program = ("-c", FAILING.format(left=str(left)))

    made = Failing()
    made.patience_s = patience_s
    return made


def test_a_fork_that_fails_for_now_is_tried_again(tmp_path: Path) -> None:
    left = tmp_path / "left"
    with failing(left, refusals=3) as forkserver:
        forkserver.prepare()
        assert forkserver.status(forkserver.fork("examiner", JOB), wait_s=60) == FAILED_TO_START
        assert left.read_text() == "0"
        left.write_text("1000000")
        forkserver.patience_s = 0.2
        with pytest.raises(ForkRefused, match=r"could not start another process.*Resource temporarily unavailable"):
            forkserver.fork("examiner", JOB)
        left.write_text("0")
        assert forkserver.status(forkserver.fork("examiner", JOB), wait_s=60) == FAILED_TO_START  # it still stands


SHORT_OF_MEMORY = """
from course.grading.process import forking
from course.grading.process.channel import Control
from course.grading.process.preload import main
left = {"send": 3, "look": 3}
send, look = Control.send, forking.tree.children
def short(kind, step):
    def wanting(*args):
        if forking_has_begun and left[kind]:
            left[kind] -= 1
            raise MemoryError
        return step(*args)
    return wanting
forking_has_begun = []
answer_all = forking.answer_all
def answer(owner):
    forking_has_begun.append(True)
    answer_all(owner)
forking.answer_all = answer
Control.send, forking.tree.children = short("send", send), short("look", look)
main()
"""


def test_memory_that_is_short_between_two_questions_does_not_end_the_fork_server() -> None:
    class Short(ForkServer):
        program = ("-c", SHORT_OF_MEMORY)

    with Short(torch=False) as forkserver:
        forkserver.prepare()
        for _ in range(5):
            assert forkserver.status(forkserver.fork("examiner", JOB), wait_s=60) == FAILED_TO_START
        assert forkserver.generation == 0


def test_a_line_that_cannot_be_opened_for_now_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, refused = socket.socketpair, [errno.EMFILE, errno.ENFILE, errno.ENOMEM]

    def scarce() -> tuple[socket.socket, socket.socket]:
        if refused:
            raise OSError(refused.pop(), "for now")
        return opened()

    with ForkServer(torch=False) as forkserver:
        monkeypatch.setattr(socket, "socketpair", scarce)
        ours, theirs = forkserver.pair()
        ours.close()
        theirs.close()
        assert not refused
        refused += [errno.EMFILE] * 1000
        forkserver.patience_s = 0.2
        with pytest.raises(ForkRefused, match="could not start another process"):
            forkserver.pair()


def test_another_that_cannot_be_started_for_now_is_tried_again_and_nobody_waits_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started, refused = subprocess.Popen, [errno.EAGAIN, errno.ENOMEM]

    def scarce(*args: Any, **how: Any) -> Any:
        if refused:
            raise OSError(refused.pop(), "for now")
        return started(*args, **how)

    with ForkServer(torch=False) as forkserver:
        forkserver.prepare()
        monkeypatch.setattr(subprocess, "Popen", scarce)
        os.kill(forkserver.pid, signal.SIGKILL)
        forkserver.revive(0)
        assert not refused
        assert forkserver.status(forkserver.fork("examiner", JOB), wait_s=60) == FAILED_TO_START
        refused += [errno.EAGAIN] * 1000
        forkserver.patience_s = 0.2
        os.kill(forkserver.pid, signal.SIGKILL)
        with pytest.raises(ForkRefused, match="could not start another process"):
            forkserver.revive(1)
        with pytest.raises(ForkServerDied):
            forkserver.fork("examiner", JOB)


def test_no_message_and_no_lost_file_ends_the_fork_server(prepared: ForkServer) -> None:
    for message in (protocol.Done(), protocol.Fork("nobody"), protocol.Prepare([]), protocol.Turn([], {})):
        with pytest.raises(CourseError, match="not for a fork server"):
            prepared._ask(message, protocol.Forked)
    for body in (b"\xc1", b"", b"x" * 90_000, msgpack.packb(["Fork", {}]), msgpack.packb(["os", {"role": 1}])):
        prepared._control.socket.sendall(struct.pack(">I", len(body)) + body)
        assert isinstance(prepared._control.receive(), protocol.Failed)
    resource.prlimit(prepared.pid, resource.RLIMIT_NOFILE, (3, 1024))
    prepared.patience_s = 0.2
    with pytest.raises(ForkRefused, match="did not come through"):
        prepared.fork("examiner", JOB)
    resource.prlimit(prepared.pid, resource.RLIMIT_NOFILE, (1024, 1024))
    assert prepared.status(prepared.fork("examiner", JOB), wait_s=60) == FAILED_TO_START


def test_one_that_is_killed_while_it_imports_is_started_again() -> None:
    with ForkServer() as forkserver:
        os.kill(forkserver.pid, signal.SIGKILL)
        forkserver.prepare()
        assert forkserver.generation == 1


def test_one_that_was_closed_is_not_started_again() -> None:
    forkserver = ForkServer()
    forkserver.close()
    with pytest.raises(CourseError):
        forkserver.prepare()


def environment(folder: Path, **modules: str) -> str:
    """The Python of a new environment that sees this one's packages, and these modules by name besides."""
    venv.create(folder, symlinks=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    places = (sysconfig.get_paths()["purelib"], str(Path(course.__file__).parents[1]))
    (packages / "these.pth").write_text("\n".join(places))
    for name, source in modules.items():
        path = (packages / name.replace(".", "/")).with_suffix(".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
    return str(folder / "bin" / "python")
