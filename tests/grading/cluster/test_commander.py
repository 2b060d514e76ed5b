"""Workers give what the engine gives, whichever of them, in whatever order, and whatever becomes of them meanwhile."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import psutil
import pytest

from course.errors import CourseError
from course.folder import SECRET_NAME, CourseFolder
from course.grading.cluster import joining, staff, wire
from course.grading.cluster.cores import claimed
from course.grading.cluster.joining import Cluster, cluster
from course.grading.plan.exam import exams_of
from course.grading.run import grade
from course.grading.verdict.model import SubmissionVerdict
from tests.grading.cluster import certificates
from tests.grading.cluster.rooms import ROOT, Room, room
from tests.grading.gradebook.test_record import hand_in
from tests.grading.notebooks import ANSWERS, filled, norms, released, write_source
from tests.grading.test_faults import CLASS, RIGHT, all_is_right, make_class

pytestmark = pytest.mark.slow
FIXTURE = "course.grading.cluster.worker"
PAUSE = "import time\ntime.sleep(0.2)\nmean = 3\nspread = 5"


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    return make_class(tmp_path.resolve())


def points(verdicts: list[SubmissionVerdict]) -> dict[str, float]:
    found = {one.student: one.points for one in verdicts}
    assert len(found) == len(verdicts)
    return found


def preload(place: Path, name: str, text: str) -> str:
    """A script that a worker runs before it starts."""
    (place / f"{name}.py").write_text(text)
    return str(place / f"{name}.py")


def test_points_do_not_depend_on_jobs_workers_order_or_restarts(two: Room, folder: CourseFolder) -> None:
    source = norms()
    cell = next(cell for cell in source.cells if cell.id == "mean_tests")
    cell.source = "import random\nassert mean == 3, random.random()"  # the message tells the draw
    write_source(folder.root, source)
    elsewhere, shuffled = Cluster(two.address), sorted(CLASS)
    random.Random(1).shuffle(shuffled)
    ways: list[Callable[[], list[SubmissionVerdict]]] = [
        lambda: grade(folder, "ps1", jobs=1, force=True),
        lambda: grade(folder, "ps1", shuffled, jobs=2, force=True),
        lambda: grade(folder, "ps1", cluster=elsewhere, force=True),
        lambda: (
            grade(folder, "ps1", shuffled[:3], cluster=elsewhere, force=True)
            + grade(folder, "ps1", shuffled[3:], jobs=2, force=True)
        ),
    ]
    found = [
        {one.student: (one.grounds, *((c.grade_id, c.earned, c.ending, c.message) for c in one.cells)) for one in way()}
        for way in ways
    ]
    assert found[1:] == found[:1] * 3
    messages = {one.student: one.cells[1].message for one in grade(folder, "ps1", jobs=1)}
    assert len(set(messages.values())) == len(CLASS)
    all_is_right(folder)  # and each of them stands: what was graded there need not be graded here


def test_a_worker_that_is_killed_costs_time_only(two: Room, folder: CourseFolder) -> None:
    for who in CLASS:
        hand_in(folder, who, filled(released(norms()), ANSWERS | {"mean": PAUSE.replace("3", who[-1])}))
    killed: list[int] = []

    def kill(_: SubmissionVerdict) -> None:
        if not killed:
            (worker,) = [one for one in psutil.Process(two.workers[0].pid).children() if is_worker(one)]
            killed.append(worker.pid)
            worker.kill()

    assert points(grade(folder, "ps1", cluster=Cluster(two.address), on_progress=kill)) == RIGHT
    assert killed
    all_is_right(folder)


def test_workers_may_be_killed_at_any_moment(two: Room, folder: CourseFolder) -> None:
    for who in CLASS:
        hand_in(folder, who, filled(released(norms()), ANSWERS | {"mean": PAUSE.replace("3", who[-1])}))
    chance, over, killed = random.Random(5), threading.Event(), []

    def kill_now_and_then() -> None:
        while not over.wait(chance.uniform(0.5, 4.0)):
            two.wait(2)  # Dask gives up a worker that ends while it starts, and starts take as long as they take
            nanny = psutil.Process(chance.choice(two.workers[:2]).pid)
            for worker in filter(is_worker, nanny.children()):
                with contextlib.suppress(psutil.NoSuchProcess):
                    worker.kill()
                    killed.append(worker.pid)

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    try:
        for _ in range(3):
            verdicts = grade(folder, "ps1", cluster=Cluster(two.address), force=True)
            lost = {one.student for one in verdicts if one.disturbed}  # three times, and said to be the machines'
            assert points(verdicts) == {who: 0.0 if who in lost else right for who, right in RIGHT.items()}
    finally:
        over.set()
        killer.join()
    assert killed
    two.wait(2)
    assert points(grade(folder, "ps1", cluster=Cluster(two.address))) == RIGHT
    all_is_right(folder)


def test_a_worker_that_ends_while_it_is_asked_is_waited_for(
    tmp_path: Path, folder: CourseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import Client

    killed: list[int] = []
    run = Client.run
    always = False

    def kill_and_run(client: Client, *about: object, workers: list[str], **how: object) -> object:
        if not always and killed:
            return run(client, *about, workers=workers, **how)
        (doomed,) = filter(is_worker, psutil.Process(nanny.pid).children())
        killed.append(doomed.pid)
        doomed.kill()
        doomed.wait()
        answers = run(client, *about, workers=workers, on_error="return")
        while set(workers) & set(client.scheduler_info(n_workers=-1)["workers"]):
            time.sleep(0.05)
        return answers

    with room(tmp_path / "room") as one:
        nanny = one.hire("one")
        one.wait(1)
        monkeypatch.setattr(Client, "run", kill_and_run)
        assert points(grade(folder, "ps1", cluster=Cluster(one.address))) == RIGHT
        assert len(killed) == 1
        always = True
        monkeypatch.setattr(staff, "WAIT_S", 0.0)
        monkeypatch.setattr(staff, "ANSWER_S", 0.0)
        one.wait(1)
        with pytest.raises(CourseError, match="workers end while they are asked"):
            grade(folder, "ps1", cluster=Cluster(one.address), force=True)


def is_worker(process: psutil.Process) -> bool:
    return "spawn_main" in " ".join(process.cmdline())


LIAR = "from course.grading.cluster import worker\nworker.grade = lambda *_: b'nonsense'\n"


def test_workers_that_lie_or_differ_are_left_out_and_named(two: Room, folder: CourseFolder, tmp_path: Path) -> None:
    (tmp_path / "odd/odd-1.0.dist-info").mkdir(parents=True)
    liar = two.hire("liar", "--preload", preload(two.place, "liar", LIAR))
    odd = two.hire("odd", PYTHONPATH=os.pathsep.join([str(ROOT), str(tmp_path / "odd")]))
    two.wait(4)
    notes: list[str] = []
    told = ""
    try:
        for _ in range(20):  # whether the liar is given something to grade is Dask's choice, each time
            given = {"cluster": Cluster(two.address), "on_note": notes.append, "force": True}
            assert points(grade(folder, "ps1", **given)) == RIGHT
            if "it sent no verdict" in (told := "\n".join(notes)):
                break
    finally:
        liar.kill()
        odd.kill()
    assert "is not used: it sent no verdict (" in told
    assert "is not used: its packages are not this machine's (odd-1.0.dist-info only there)" in told
    all_is_right(folder)


def test_workers_get_no_secret_no_database_and_no_others_hand_in(
    two: Room, folder: CourseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[bytes] = []
    pack = wire.pack_task
    monkeypatch.setattr(wire, "pack_task", lambda task: sent.append(pack(task)) or sent[-1])
    who = ["student_1", "student_2"]
    grade(folder, "ps1", who, cluster=Cluster(two.address))
    handed_in = [raw for raw in sent if b"student_" in raw]
    assert len(handed_in) == 2
    assert [[name.encode() in raw for name in who] for raw in sorted(handed_in)].count([True, True]) == 0
    for private in ((folder.root / SECRET_NAME).read_bytes().strip(), b"gradebook", str(folder.root).encode()):
        assert not any(private in raw for raw in (*sent, wire.pack_exams(exams_of(folder, "ps1"))))


WITH_GPU = """
from course.grading.system import gpu
gpu.find = lambda: ["7"]
"""


def test_a_gpu_is_shown_by_workers_with_the_tag_and_by_nobody_else(two: Room, folder: CourseFolder) -> None:
    with pytest.raises(CourseError, match="not started with --resources GPU=1"):
        grade(folder, "ps1", cluster=Cluster(two.address, gpu=True))
    tell = "import os\nmean = 3\nspread = 5\nprint('GPU', repr(os.environ['CUDA_VISIBLE_DEVICES']))"
    tell += f"\nprint(os.path.exists({str(two.place)!r}))"
    hand_in(folder, "student_3", filled(released(norms()), ANSWERS | {"mean": tell}))
    tagged = two.hire("gpu", "--resources", "GPU=1", "--preload", preload(two.place, "tagged", WITH_GPU))
    two.wait(3)
    try:
        for gpu, shown in ((True, "GPU '7'"), (False, "GPU ''")):
            assert points(grade(folder, "ps1", cluster=Cluster(two.address, gpu=gpu))) == RIGHT
            assert printed(folder) == f"{shown}\nFalse\n"
    finally:
        tagged.kill()


def printed(folder: CourseFolder) -> str:
    book = nbformat.read(folder.autograded / "student_3/ps1/norms.ipynb", as_version=4)
    (output,) = next(cell for cell in book.cells if cell.id == "mean").outputs
    return str(output.text)


LONG = "import time\ntime.sleep(600)\nmean = 3\nspread = 5"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_command_that_ends_leaves_no_work_running(two: Room, folder: CourseFolder, number: signal.Signals) -> None:
    source = norms()
    source.metadata["clozegrad"] = {"cell_s": 900, "submission_s": 900}
    grade(folder, "ps1", ["student_1"], jobs=1)  # calibrated: what runs from here on is a student's
    write_source(folder.root, source)
    grade(folder, "ps1", ["student_1"], jobs=1)
    for who in CLASS:
        hand_in(folder, who, filled(released(norms()), ANSWERS | {"mean": LONG}))
    command = [sys.executable, "-m", "course", "grade", "ps1", "--scheduler", two.address]
    pipe = subprocess.PIPE
    before = set(forks(two))
    running = subprocess.Popen(command, cwd=folder.root, stdout=pipe, stderr=pipe, text=True)
    while len(new := set(forks(two)) - before) < 6 and running.poll() is None:  # a fork server, examiner, candidate
        time.sleep(0.05)
    running.send_signal(number)
    _, complaints = running.communicate()
    assert running.returncode == (130 if number == signal.SIGINT else -number), complaints
    while any(psutil.pid_exists(pid) for pid in new):
        time.sleep(0.05)
    assert "Traceback" not in complaints


def forks(two: Room) -> Iterator[int]:
    """What workers have started: fork servers and all below."""
    for worker in two.workers[:2]:
        for process in psutil.Process(worker.pid).children(recursive=True):
            try:
                if "preload" in " ".join(process.cmdline()) and not is_worker(process):
                    yield process.pid
            except psutil.Error:
                continue


BREAKS = """
from pathlib import Path
from course.grading.engine import Engine

def breaking(self, submission, grade=Engine.grade_prepared):  # bound now: Dask runs this script more than once
    if Path("broken").exists():
        raise MemoryError("no room")
    return grade(self, submission)

Engine.grade_prepared = breaking
"""


def test_faults_of_the_machines_are_told_and_made_good_by_the_next_run(folder: CourseFolder, tmp_path: Path) -> None:
    with room(tmp_path / "room") as alone:
        alone.hire("only", "--preload", preload(alone.place, "breaks", BREAKS))
        alone.wait(1)
        elsewhere, notes = Cluster(alone.address), list[str]()
        grade(folder, "ps1", ["student_1"], cluster=elsewhere)
        (alone.place / "broken").touch()
        failed = grade(folder, "ps1", cluster=elsewhere, on_note=notes.append)
        assert [one.disturbed for one in failed if not one.kept] == [True] * 5
        assert "failed 3 times on this notebook: MemoryError: no room" in failed[-1].repairs[0]
        assert "run the same command again, and they are graded again" in notes[-1]
        (alone.place / "broken").unlink()
        assert points(grade(folder, "ps1", cluster=elsewhere)) == RIGHT
        all_is_right(folder)

        def kill(_: SubmissionVerdict) -> None:
            alone.scheduler.kill()

        with pytest.raises(CourseError, match=r"the scheduler at .* cannot be reached any more: start it again"):
            grade(folder, "ps1", cluster=elsewhere, force=True, on_progress=kill)
    all_is_right(folder)


class Line:
    """What a worker reaches its scheduler by, until it is cut."""

    def __init__(self, address: str) -> None:
        host, _, port = address.removeprefix("tcp://").rpartition(":")
        self._to = host, int(port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = [self._listener]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _serve(self) -> None:
        while True:
            try:
                one, _ = self._listener.accept()
                other = socket.create_connection(self._to)
            except OSError:
                return
            self._ends += [one, other]
            for pair in ((one, other), (other, one)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            return


def test_a_network_that_is_cut_costs_time_only(two: Room, folder: CourseFolder) -> None:
    for who in CLASS:
        hand_in(folder, who, filled(released(norms()), ANSWERS | {"mean": PAUSE.replace("3", who[-1])}))
    line = Line(two.address)
    far = two.hire("far", "--preload", FIXTURE, to=line.address)
    two.wait(3)
    try:
        verdicts = grade(folder, "ps1", cluster=Cluster(two.address), on_progress=lambda _: line.cut())
        assert points(verdicts) == RIGHT
    finally:
        far.kill()
    all_is_right(folder)


def test_tls_asks_for_keys_and_grades_with_them(folder: CourseFolder, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    keys = certificates.make(tmp_path / "keys")
    with room(tmp_path / "room", "tls", keys) as safe:
        assert safe.address.startswith("tls://")
        with pytest.raises(CourseError, match=r"cannot be reached: .*Dask's configuration has to name keys"):
            grade(folder, "ps1", cluster=Cluster(safe.address))
        safe.hire("safe", "--preload", FIXTURE)
        safe.wait(1)
        command = [sys.executable, "-m", "course", "grade", "ps1", "--scheduler", safe.address]
        done = subprocess.run(command, cwd=folder.root, env=os.environ | keys, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
    all_is_right(folder)


def test_workers_of_its_own_grade_on_this_machine(folder: CourseFolder) -> None:
    command = [sys.executable, "-m", "course", "grade", "ps1", "--workers", "2"]
    done = subprocess.run(command, cwd=folder.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "6 submissions · median 5 of 8 points" in done.stdout
    all_is_right(folder)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", "", "127.0.0.1:99999"])
def test_a_scheduler_that_cannot_be_reached_is_named(
    folder: CourseFolder, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(joining, "CONNECT_S", 0.5)
    with pytest.raises(CourseError, match=r"^the scheduler at .* cannot be reached: .*is it running"):
        grade(folder, "ps1", cluster=Cluster(address))


def test_a_missing_dask_is_named_with_the_way_to_get_it(folder: CourseFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CourseError, match=r"need Dask.*pip install 'clozegrad\[cluster\]'"):
        grade(folder, "ps1", cluster=Cluster(workers=1))


def test_options_that_exclude_each_other_are_refused() -> None:
    assert cluster(None, None, gpu=False, jobs=3) is None
    assert cluster("tcp://a:1", None, gpu=True) == Cluster("tcp://a:1", gpu=True)
    for scheduler, workers, gpu, alone, message in (
        ("tcp://a:1", 2, False, {}, "exclude each other"),
        (None, None, True, {}, "add --scheduler"),
        (None, 2, False, {"jobs": 2}, "--jobs is for grading without"),
        ("tcp://a:1", None, False, {"trace": True}, "--trace is for grading without"),
    ):
        with pytest.raises(CourseError, match=message):
            cluster(scheduler, workers, gpu=gpu, **alone)


CLAIM = "from course.grading.cluster.cores import claimed\nprint(*claimed(1), flush=True)\ninput()"


def test_workers_of_one_machine_keep_to_cores_of_their_own(tmp_path: Path) -> None:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("this machine has one core")
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    both = [
        subprocess.Popen([sys.executable, "-c", CLAIM], stdin=pipe, stdout=pipe, text=True, env=environment)
        for _ in range(2)
    ]
    cores = [one.stdout.readline() for one in both if one.stdout]
    for one in both:
        one.communicate("\n")
    assert len(set(cores)) == 2
    assert all(int(core) in os.sched_getaffinity(0) for core in cores)
    assert claimed(1)
