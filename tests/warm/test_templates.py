"""Fork servers that are lent: as those that are started, from what has imported the same and has not changed since."""

import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbgrader.converters import Autograde

from course.folder import CourseFolder
from course.grading import protocol
from course.grading.adapters import preprocessors
from course.grading.adapters.converter import convert
from course.grading.process.forkserver import FAILED_TO_START, ForkServerDied, forkserver_environment
from course.grading.system import tree
from course.grading.warm import borrowing
from course.grading.warm.borrowing import BorrowedForkServer
from course.grading.warm.line import Borrow, Lent, Line, Refused
from course.warm import templates
from course.warm.templates import Templates
from tests.conftest import TINY, hand_in
from tests.grading.process.test_forkserver import RESTLESS, environment
from tests.warm.conftest import Desk, until

JOB = protocol.ExaminerJob([], "seed", "/", 1.0, 1.0, 1.0, 1.0)


class Lending:
    """Templates, attended to as a server does, and what a borrower gets of them."""

    def __init__(self) -> None:
        self.made = Templates()

    def borrow(
        self, *modules: str, torch: bool = False, environment: dict[str, str] | None = None
    ) -> tuple[int, socket.socket]:
        """A fork server's process and the line to it; ValueError with the reason when there is none."""
        borrower, theirs = socket.socketpair()
        ours, owner = socket.socketpair()
        wish = Borrow(torch, sorted(modules), "/tmp", 0o27, environment or forkserver_environment())
        self.made.lend(wish, [os.dup(owner.fileno()), os.dup(2)], Line(theirs))
        owner.close()
        with borrower, theirs:
            while not select.select([borrower], [], [], 0)[0]:
                ready, _, _ = select.select([borrower, *self.made.sockets()], [], [])
                if ready[0] is not borrower:
                    self.made.attend(ready[0])
            answer = Line(borrower).receive()
        if isinstance(answer, Refused):
            ours.close()
            raise ValueError(answer.reason)
        assert isinstance(answer, Lent)
        return answer.pid, ours

    def parents(self) -> list[int]:
        return [template.process.pid for template in self.made._all.values()]


@pytest.fixture
def lending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lending]:
    python = environment(
        tmp_path / "venv", quiet="", loud="", third="", fourth="", restless=RESTLESS, broken="raise OSError('no')"
    )
    monkeypatch.setattr(sys, "executable", python)
    made = Lending()
    yield made
    made.made.close()


def test_one_that_has_imported_the_same_lends_again(lending: Lending) -> None:
    first, a_line = lending.borrow("quiet")
    second, another = lending.borrow("quiet")
    third, last = lending.borrow("quiet", "math", "sys")  # which are there anyhow
    [parent] = lending.parents()
    assert len({first, second, third, parent}) == 4
    assert {first, second, third} <= set(tree.children(parent))
    until(lambda: "Umask:\t0027" in Path(f"/proc/{first}/status").read_text())
    for each in (a_line, another, last):
        each.close()
    until(lambda: not tree.descendants(parent))


def test_one_for_other_modules_is_another(lending: Lending) -> None:
    for names in (["quiet"], ["quiet", "loud"], ["loud"], ["third"], ["fourth"]):
        lending.borrow(*names)[1].close()
    assert len(lending.parents()) == templates.MOST


def test_one_whose_module_has_changed_lends_no_more(lending: Lending, tmp_path: Path) -> None:
    lending.borrow("quiet")[1].close()
    before = lending.parents()
    [module] = (tmp_path / "venv").glob("lib/python*/site-packages/quiet.py")
    module.write_text("changed = True")
    lending.borrow("quiet")[1].close()
    assert set(before).isdisjoint(lending.parents())


def test_one_that_was_killed_is_replaced(lending: Lending) -> None:
    pid, held = lending.borrow("quiet")
    os.kill(lending.parents()[0], signal.SIGKILL)
    until(lambda: not tree.birth(lending.parents()[0]))
    lending.borrow("quiet")[1].close()
    assert tree.birth(pid)  # what was lent stays
    held.close()
    until(lambda: not tree.birth(pid))


def test_a_module_that_starts_threads_is_left_to_the_forks(lending: Lending) -> None:
    pid, held = lending.borrow("quiet", "restless")
    assert len(os.listdir(f"/proc/{pid}/task")) == 1
    held.close()


def test_who_does_not_fit_is_refused(lending: Lending) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        lending.borrow(environment={"HOME": "/elsewhere"})
    with pytest.raises(ValueError, match="no"):
        lending.borrow("broken")
    assert lending.parents() == []


@pytest.fixture
def borrowed(served: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[BorrowedForkServer]:
    """A fork server for this process, which is not a command that a server runs."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(served.runtime))
    monkeypatch.delenv("CLOZEGRAD_WARM")
    made = borrowing.fork_server(torch=False)
    assert isinstance(made, BorrowedForkServer)
    with made:
        yield made


def test_a_borrowed_one_forks_and_ends_with_its_owner(borrowed: BorrowedForkServer) -> None:
    borrowed.prepare()
    pid = borrowed.pid
    assert (borrowed.generation, pid in tree.children(os.getpid())) == (0, False)
    assert borrowed.status(borrowed.fork("examiner", JOB), wait_s=60) == FAILED_TO_START
    borrowed.close()
    assert not tree.birth(pid)
    assert borrowed.pid == -1
    assert not borrowed._scratch.exists()


def test_nbgraders_own_command_borrows_too(
    served: Desk, tiny_course: CourseFolder, tiny_release: NotebookNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(served.runtime))
    monkeypatch.delenv("CLOZEGRAD_WARM")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 1, hard))  # as a server of Jupyter's changes it
    hand_in(tiny_course, "ada", tiny_release)
    try:
        convert(Autograde, tiny_course, TINY, "ada")
        [engine] = preprocessors._engines.values()
        assert isinstance(engine.forkserver, BorrowedForkServer)
        assert engine.forkserver.generation == 0
        assert engine.forkserver.pid not in tree.children(os.getpid())
    finally:
        preprocessors._close_engines()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_in_place_of_a_borrowed_one_that_died_comes_one_of_its_own(borrowed: BorrowedForkServer) -> None:
    borrowed.prepare()
    os.kill(borrowed.pid, signal.SIGKILL)
    with pytest.raises(ForkServerDied, match="has died"):
        borrowed.fork("examiner", JOB)
    borrowed.revive(0)
    assert borrowed.pid in tree.children(os.getpid())
    assert borrowed.status(borrowed.fork("examiner", JOB), wait_s=60) == FAILED_TO_START


def test_one_that_is_refused_is_one_of_its_own(borrowed: BorrowedForkServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    borrowed.prepare()
    assert borrowed.pid in tree.children(os.getpid())
    assert borrowed.status(borrowed.fork("examiner", JOB), wait_s=60) == FAILED_TO_START


def test_one_that_is_never_prepared_leaves_nothing(borrowed: BorrowedForkServer) -> None:
    scratch = borrowed._scratch
    borrowed.close()
    assert not scratch.exists()
