"""Whatever is killed while a class is graded, whenever: it costs time, and nobody a point."""

import os
import secrets
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from course.folder import CourseFolder
from course.grading.engine import TRIES, Engine
from course.grading.plan.exam import exams_of
from course.grading.submission.files import handed_in
from course.grading.system import tree
from course.grading.verdict.model import SubmissionVerdict
from tests.grading.notebooks import answer, filled, graded, locked, make_course, notebook, raw, released

if not Path("/proc/self/task").is_dir():
    pytest.skip("processes are found in /proc", allow_module_level=True)

# In ann's test cell: kill whom the file PLAN names next, and go on when those and her candidate have ended (a candidate
# that is still there may answer before its reaper's death reaches it). The candidate has called itself "ann" by then.
STRIKE = """
import os, pathlib, signal, time

def runs(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False

plan = pathlib.Path(PLAN)
victims = plan.read_text().split() if who == "ann" else []
if victims:
    plan.write_text(" ".join(victims[1:]))
    named = [int(p.parent.name) for p in pathlib.Path("/proc").glob("[0-9]*/comm") if p.read_text() == "ann\\n"]
    above = [int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) for pid in named]
    found = {"examiner": [os.getpid()], "forkserver": [os.getppid()], "candidate": named, "reaper": above}
    for pid in found[victims[0]]:
        os.kill(pid, signal.SIGKILL)
    if victims[0] == "forkserver":
        signal.pause()
    while any(map(runs, found[victims[0]] + named)):
        time.sleep(0.01)
assert twice(4) == 8
"""
NAMED = "import ctypes\nctypes.CDLL(None).prctl(15, b'{who}')\nwho = '{who}'"
WAITING = (
    "import ctypes, signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\n"
    "ctypes.CDLL(None).prctl(15, b'ann-waits')\nsignal.sigwait([signal.SIGUSR1])\n" + NAMED
)
TWICE = "def twice(x):\n    return 2 * x"
CLASS = ("ann", "bob", "carl")
FULL = {"who_tests": 1.0, "twice_tests": 2.0, "last_tests": 3.0}
VICTIMS = ("examiner", "candidate", "reaper", "forkserver")


class Course:
    """A course folder, its warm engine of two jobs, and the file that says whom to kill."""

    def __init__(self, folder: CourseFolder, plan: Path) -> None:
        self.folder, self.plan = folder, plan
        self.exams = exams_of(folder, "ps1")
        self.engine = Engine(folder, self.exams, jobs=2)

    def grade(self, *victims: str, ann: str = NAMED) -> dict[str, SubmissionVerdict]:
        """The class's verdicts by student, with these killed one after another while ann is graded.

        Her first cell is ``ann``.
        """
        self.plan.write_text(" ".join(victims))
        for who in CLASS:
            first = (ann if who == "ann" else NAMED).format(who=who)
            answers = {"who": first, "twice": TWICE, "last": "last = 3"}
            place = self.folder.submitted / who / "ps1"
            place.mkdir(parents=True, exist_ok=True)
            (place / "norms.ipynb").write_bytes(raw(filled(released(self.exams[0].source), answers)))
        verdicts = self.engine.grade(handed_in(self.folder, self.exams, CLASS))
        return {verdict.student: verdict for verdict in verdicts}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    root = tmp_path_factory.mktemp("killed").resolve()
    plan = root / "plan"
    source = notebook(
        locked("setup", "import math"),
        answer("who", "who = ''"),
        graded("who_tests", "assert who"),
        answer("twice", TWICE),
        graded("twice_tests", STRIKE.replace("PLAN", repr(str(plan))), points=2),
        answer("last", "last = 3"),
        graded("last_tests", "assert last == 3", points=3),
    )
    made = Course(make_course(root, norms=source), plan)
    with made.engine:
        yield made


def points(verdicts: dict[str, SubmissionVerdict]) -> dict[str, dict[str, float | None]]:
    return {who: {cell.grade_id: cell.earned for cell in verdict.cells} for who, verdict in verdicts.items()}


@pytest.mark.parametrize("victim", VICTIMS)
def test_what_is_killed_twice_in_a_row_in_the_middle_of_a_test_costs_nobody_a_point(
    course: Course, victim: str
) -> None:
    assert points(course.grade(victim, victim)) == dict.fromkeys(CLASS, FULL)
    assert not course.plan.read_text()
    assert tree.descendants(course.engine.forkserver.pid) == ()


@contextmanager
def watching(course: Course, *victims: str) -> Iterator[list[str]]:
    """Each time that ann's cell says that it waits: kill the next of these, or at last let it go on."""
    left, done = list(victims), threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            for pid in tree.descendants(course.engine.forkserver.pid):
                if _name(pid) == "ann-waits" and _strike(pid, left[0] if left else ""):
                    del left[:1]

    def _strike(pid: int, victim: str) -> bool:
        """Whether it met whom it should: on a busy machine the examiner may not be there yet."""
        before = course.engine.forkserver.pid
        above = _parent(pid)
        found = {
            "candidate": [pid],
            "reaper": [above],
            "forkserver": [before],
            "examiner": [one for one in tree.descendants(before) if one not in (pid, above) and _parent(one) == before],
            "": [],
        }[victim]
        if victim and not found:
            return False
        for one in found:
            os.kill(one, signal.SIGKILL)
        if not victim:
            os.kill(pid, signal.SIGUSR1)
        while _name(pid) == "ann-waits" and not done.wait(0.02):
            pass
        return True

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield left
    finally:
        done.set()
        watcher.join()


@pytest.mark.parametrize(
    "victims",
    [("examiner", "examiner"), ("candidate", "candidate"), ("reaper", "reaper"), ("forkserver", "examiner")],
    ids=" ".join,
)
def test_what_is_killed_twice_in_a_row_while_a_students_cell_runs_costs_nobody_a_point(
    course: Course, victims: tuple[str, str]
) -> None:
    with watching(course, *victims) as left:
        assert points(course.grade(ann=WAITING)) == dict.fromkeys(CLASS, FULL)
    assert not left


def test_what_a_killed_reaper_left_behind_is_ended_too(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course.engine, "isolation", "landlock")
    marker = f"600.{secrets.randbelow(10**9)}"
    daemon = f"import subprocess\nsubprocess.Popen(['sleep', '{marker}'], start_new_session=True)\n"
    with watching(course, "reaper") as left:
        assert points(course.grade(ann=daemon + WAITING)) == dict.fromkeys(CLASS, FULL)
    assert not left
    assert not [path for path in Path("/proc").glob("[0-9]*/cmdline") if marker.encode() in _read(path)]
    assert tree.descendants(course.engine.forkserver.pid) == ()


def test_a_notebook_that_kills_the_fork_server_each_time_has_that_for_its_verdict_and_nobody_else(
    course: Course,
) -> None:
    verdicts = course.grade(*["forkserver"] * 10)
    assert points(verdicts) == dict.fromkeys(CLASS, FULL) | {"ann": dict.fromkeys(FULL, 0.0)}
    assert {cell.ending for cell in verdicts["ann"].cells} == {"could not run"}
    assert "killed whenever this notebook ran" in verdicts["ann"].cells[0].message


def test_a_notebook_that_kills_its_own_process_each_time_loses_that_test_only(course: Course) -> None:
    verdicts = course.grade(*["candidate"] * TRIES)
    assert points(verdicts) == dict.fromkeys(CLASS, FULL) | {"ann": FULL | {"twice_tests": 0.0}}
    assert verdicts["ann"].cells[1].ending == "crashed"
    assert "SIGKILL" in verdicts["ann"].cells[1].message


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended
        return b""


def _name(pid: int) -> str:
    return _read(Path(f"/proc/{pid}/comm")).decode().strip()


def _parent(pid: int) -> int:
    stat = _read(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()
    return int(stat[1]) if stat else 0
