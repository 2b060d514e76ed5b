"""Whatever goes wrong while a class is graded, the next run gives every hand-in exactly one right result.

The faults are real: processes that are killed, disks that are full, a gradebook that another process holds.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.gradebook import database
from course.grading.process.forkserver import ForkServer
from course.grading.run import grade
from course.grading.system import tree
from course.grading.verdict import stored
from tests.grading.gradebook.test_record import hand_in, rows
from tests.grading.notebooks import ANSWERS, filled, make_course, norms, released, write_source

CLASS = {f"student_{number}": ANSWERS | {"mean": f"mean = {number}\nspread = 5"} for number in range(1, 7)}
RIGHT = {who: 6.0 if who == "student_3" else 5.0 for who in CLASS}
GRADE = (sys.executable, "-m", "course", "grade", "ps1", "--jobs", "2")


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    return make_class(tmp_path.resolve())


def make_class(root: Path, config: str = "") -> CourseFolder:
    """A course in which six students have handed in, of whom one is right about the mean."""
    course = make_course(root, config=config, norms=norms())
    for who, answers in CLASS.items():
        hand_in(course, who, filled(released(norms()), answers))
    return course


def begin(folder: CourseFolder, *options: str) -> subprocess.Popen[str]:
    """A `course grade` of its own, which is at the head of its own processes."""
    pipe = subprocess.PIPE
    return subprocess.Popen([*GRADE, *options], cwd=folder.root, stdout=pipe, stderr=pipe, text=True)


def all_is_right(folder: CourseFolder, points: dict[str, float] = RIGHT) -> None:
    """Grade what is missing; everybody has one right result, in the gradebook too, and nothing else lies about."""
    verdicts = grade(folder, "ps1", jobs=2)
    assert {one.student: one.points for one in verdicts} == points
    assert len(verdicts) == len(points)
    found: dict[str, float] = {}
    for who, _, _, _, auto, *_ in rows(folder, "grade")["grade"]:
        found[who] = found.get(who, 0) + (auto or 0)
    assert found == points
    assert [row[1] for row in rows(folder, "submission")["submission"]] == sorted(points)
    assert sorted(path.name for path in folder.autograded.rglob("*") if path.is_file()) == sorted(
        [*["norms.ipynb"] * len(points), *["norms.verdict.json"] * len(points)]
    )
    assert [one.kept for one in grade(folder, "ps1", jobs=2)] == [True] * len(points)


# Grade, and be killed: before this student's file of this kind is replaced, before the scores are committed, or after.
STRIKE = """
import os, signal, sys
from pathlib import Path
from course.folder import CourseFolder
from course.grading.gradebook import record
from course.grading.run import grade
from course.grading.verdict import stored

where = sys.argv[1]
replace = os.replace

def strike(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def replacing(old, new):
    if str(new).endswith(where):
        strike()
    replace(old, new)

os.replace = replacing
if where == "commit":
    record._write_penalty = strike
grade(CourseFolder(Path.cwd()), "ps1", jobs=1, on_progress=strike if where == "done" else None)
"""


@pytest.mark.slow
def test_a_run_that_is_killed_while_it_writes_leaves_what_the_next_one_sets_right(folder: CourseFolder) -> None:
    all_is_right(folder)
    source = norms()
    next(cell for cell in source.cells if cell.id == "mean_tests").source = "assert mean > 3"
    write_source(folder.root, source)
    for where in (".verdict.json", ".ipynb", "commit", "done"):
        killed = subprocess.run([sys.executable, "-c", STRIKE, where], cwd=folder.root, capture_output=True)
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    all_is_right(folder, {who: 6.0 if who > "student_3" else 5.0 for who in CLASS})


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_command_may_be_killed_at_any_moment(folder: CourseFolder, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(3):
        running = begin(folder, "--force")
        _wait_for(folder, running, chance.randrange(len(CLASS)))
        time.sleep(chance.random() / 2)
        forks = tree.descendants(running.pid)
        running.kill()
        running.communicate()
        _until_gone(forks)
    all_is_right(folder)


# From nothing, together with another process that does the same: a gradebook, and a result for each of these students.
WRITER = """
import sys
from pathlib import Path
from course.folder import CourseFolder
from course.grading.gradebook.record import ensure_assignment
from course.grading.plan.exam import exams_of
from course.grading.keeping import save
from course.grading.verdict.marking import could_not_run

folder = CourseFolder(Path.cwd())
(exam,) = exams_of(folder, "ps1")
print(flush=True)
input()
ensure_assignment(folder, "ps1")
for _ in range(3):
    for who in sys.argv[2:]:
        save(folder, could_not_run(who, exam, "by " + sys.argv[1], "plain"))
"""


def test_two_that_write_at_once_neither_lose_nor_mix_results(folder: CourseFolder) -> None:
    command = [sys.executable, "-c", WRITER]
    pipe = subprocess.PIPE
    both = [
        subprocess.Popen([*command, name, *CLASS], cwd=folder.root, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        for name in ("one", "another")
    ]
    for one in both:
        assert one.stdout is not None
        one.stdout.readline()
    for one in both:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    complaints = [one.communicate()[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], complaints
    for who in CLASS:
        path = folder.autograded / who / "ps1/norms.ipynb"
        kept = stored.read_beside(folder, path)  # its seal is over both files: they are of one writer
        assert kept is not None
        assert kept.repairs[0] in ("by one", "by another")
        assert sorted(file.name for file in path.parent.iterdir()) == ["norms.ipynb", "norms.verdict.json"]
    assert [row[:3] + row[4:5] for row in rows(folder, "grade")["grade"]] == sorted(
        (who, "norms", cell, 0) for who in CLASS for cell in ("mean_tests", "norm_tests", "spread_tests", "why")
    )


def test_a_gradebook_that_another_process_holds_is_waited_for_and_then_named(
    folder: CourseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_is_right(folder)
    hold = "import sqlite3, sys; db = sqlite3.connect('gradebook.db'); db.execute('begin exclusive'); print(); input()"
    pipe = subprocess.PIPE
    holder = subprocess.Popen([sys.executable, "-uc", hold], cwd=folder.root, stdin=pipe, stdout=pipe, text=True)
    assert holder.stdout is not None
    holder.stdout.readline()
    monkeypatch.setattr(database, "WAIT_S", 0.1)
    database._engine.cache_clear()
    try:
        with pytest.raises(CourseError, match=r"database is locked .another program has it open: close that"):
            grade(folder, "ps1", jobs=2, force=True)
    finally:
        holder.communicate("\n")
    monkeypatch.undo()
    database._engine.cache_clear()
    all_is_right(folder)


# In every process, a clock that stands a day ahead or a day behind, now this and now that.
JUMPING = """
import random, time
wall, wall_ns = time.time, time.time_ns
chance = random.Random()
time.time = lambda: wall() + chance.choice((-86400.0, 86400.0))
time.time_ns = lambda: wall_ns() + chance.choice((-1, 1)) * 86_400 * 10**9
"""
JUMPS = "import time\nlooks = [time.time() for _ in range(99)]\nmean, spread = 3 * (max(looks) - min(looks) > 86400), 5"


class Jumping(ForkServer):
    """A fork server on such a clock, with all that it forks."""

    program = ("-c", f"exec({JUMPING!r})\nfrom course.grading.process import preload\npreload.main()")


def test_a_clock_that_jumps_costs_nobody_anything(folder: CourseFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(folder, "student_3", filled(released(norms()), ANSWERS | {"mean": JUMPS}))
    os.utime(folder.submitted / "student_1/ps1/norms.ipynb", (0, 0))
    os.utime(folder.submitted / "student_2/ps1/norms.ipynb", (2**32, 2**32))
    monkeypatch.setattr(time, "time", time.time)  # and put back
    monkeypatch.setattr(time, "time_ns", time.time_ns)
    exec(JUMPING, {})
    with Jumping(torch=False) as forkserver:
        verdicts = grade(folder, "ps1", jobs=2, forkserver=forkserver)
    assert {one.student: one.points for one in verdicts} == RIGHT
    monkeypatch.undo()
    all_is_right(folder)
    assert [one.points for one in grade(folder, "ps1", ["student_3"], jobs=1, force=True)] == [5.0]  # no jump seen


def test_a_gradebook_that_is_no_database_is_named_and_left_as_it_is(folder: CourseFolder) -> None:
    (folder.root / "gradebook.db").write_text("not a database" * 100)
    with pytest.raises(CourseError, match=r"not a database .put a copy of it back, or move it away"):
        grade(folder, "ps1", jobs=2)
    assert (folder.root / "gradebook.db").read_text() == "not a database" * 100
    (folder.root / "gradebook.db").unlink()
    all_is_right(folder)


def test_a_folder_of_the_gradebook_that_is_gone_is_named(folder: CourseFolder) -> None:
    config = folder.root / "nbgrader_config.py"
    place = folder.root / "book"
    config.write_text(config.read_text() + f"c.CourseDirectory.db_url = 'sqlite:///{place}/gradebook.db'\n")
    with pytest.raises(CourseError, match=r"unable to open database file .its folder is not there"):
        grade(CourseFolder(folder.root), "ps1", jobs=2)
    place.mkdir()
    assert {one.student: one.points for one in grade(CourseFolder(folder.root), "ps1", jobs=2)} == RIGHT


@contextmanager
def disk(place: Path, size: str) -> Iterator[None]:
    """A small disk of its own on a folder; skips where it cannot be had."""
    place.mkdir(exist_ok=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"no small disk can be mounted: {made.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def remount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", place], check=True)


as_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux can mount a small disk"
)


@as_root
def test_a_disk_that_is_full_stops_the_run_which_goes_on_when_there_is_room(folder: CourseFolder) -> None:
    with disk(folder.autograded, "40k"):
        with pytest.raises(CourseError, match=r"cannot be written: No space left.*make room"):
            grade(folder, "ps1", jobs=2)
        assert list(folder.autograded.glob("*/ps1/norms.ipynb"))
        remount(folder.autograded, "size=4m")
        assert [one.kept for one in grade(folder, "ps1", jobs=2)].count(True) >= 1
        remount(folder.autograded, "ro")
        with pytest.raises(CourseError, match="cannot be written: Read-only file system"):
            grade(folder, "ps1", jobs=2, force=True)
        remount(folder.autograded, "rw")
        all_is_right(folder)


@as_root
def test_a_gradebook_on_a_full_or_read_only_disk_is_named(tmp_path: Path) -> None:
    place = tmp_path.resolve() / "book"
    config = f"c.CourseDirectory.db_url = 'sqlite:///{place}/gradebook.db'\n"
    folder = make_class(tmp_path.resolve() / "course", config)
    with disk(place, "4m"):
        grade(folder, "ps1", ["student_1"], jobs=1)
        (place / "filling").write_bytes(b"x" * _free(place))
        with pytest.raises(CourseError, match=r"full .make room, and run this again|I/O error .its disk"):
            grade(folder, "ps1", jobs=2)
        (place / "filling").unlink()
        remount(place, "ro")
        with pytest.raises(CourseError, match=r"cannot be written: .* and run this again"):
            grade(folder, "ps1", jobs=2)
        remount(place, "rw")
        assert {one.student: one.points for one in grade(folder, "ps1", jobs=2)} == RIGHT
        with sqlite3.connect(place / "gradebook.db") as db:
            assert db.execute("select count(*), sum(auto_score) from grade").fetchone() == (24, sum(RIGHT.values()))
            assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        db.close()


def _free(place: Path) -> int:
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize


def _wait_for(folder: CourseFolder, running: subprocess.Popen[str], count: int) -> None:
    """Wait until so many have a result, from this run or one before."""
    while len(list(folder.autograded.glob("*/ps1/norms.ipynb"))) < count and running.poll() is None:
        time.sleep(0.01)


def _until_gone(forks: tuple[int, ...]) -> None:
    while any(tree.birth(fork) for fork in forks):
        time.sleep(0.01)
