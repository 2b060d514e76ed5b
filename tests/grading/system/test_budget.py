"""The memory that submissions share: what there is of it, who may hold how much, and what a run makes of too little."""

import math
import shutil
from pathlib import Path

import pytest

from course.grading.admission import Admission
from course.grading.run import grade
from course.grading.submission.files import HandIn
from course.grading.system import budget
from course.grading.system.budget import Budget
from course.grading.system.slots import Slots
from tests.grading.exam_fixture import ANSWERS, LESSON, Room, scores
from tests.grading.notebooks import ANSWERS as NORMS
from tests.grading.notebooks import filled, make_course, norms, raw, released

GB = 1024**3
MEMINFO = f"MemTotal: {16 * 1024**2} kB\nMemFree: 1024 kB\nMemAvailable: {10 * 1024**2} kB\n"


def machine(root: Path, groups: str, **limits: tuple[object, int, int]) -> Path:
    """The files that tell of memory: of the machine, and by place of each control group: limit, use, files in it."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/meminfo").write_text(MEMINFO)
    (root / "proc/self/cgroup").write_text(groups)
    for place, (most, used, files) in limits.items():
        group = root / "sys/fs/cgroup" / place.removeprefix("v2").replace("__", "/").strip("/")
        group.mkdir(parents=True, exist_ok=True)
        names = ("memory.max", "memory.current", "inactive_file")
        if not place.startswith("v2"):
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        for name, value in zip(names[:2], (most, used), strict=True):
            (group / name).write_text(f"{value}\n")
        (group / "memory.stat").write_text(f"cache 5\n{names[2]} {files}\n")
    return root


@pytest.mark.parametrize(
    ("groups", "limits", "free_gb"),
    [
        ("0::/\n", {}, 10),
        ("0::/\n", {"v2": ("max", GB, 0)}, 10),
        ("0::/\n", {"v2": (4 * GB, GB, 0)}, 3),
        ("0::/\n", {"v2": (4 * GB, 3 * GB, 2 * GB)}, 3),
        ("0::/\n", {"v2": (4 * GB, 5 * GB, 0)}, 1.25),  # one is run however little there is
        ("0::/slurm/job/step\n", {"v2": ("max", 0, 0), "v2slurm": ("max", 0, 0), "v2slurm__job": (2 * GB, 0, 0)}, 2),
        ("0::/jobs/a\n", {"v2jobs": (2 * GB, 0, 0), "v2jobs__a": (3 * GB, 0, 0)}, 2),
        ("5:cpu:/x\n4:memory:/x\n0::/\n", {"memory": (2 * GB, 0, 0)}, 2),
        ("4:memory,pids:/x\n", {"memory": (9 * 10**18, 0, 0), "memory__x": (6 * GB, 3 * GB, GB)}, 4),
        ("4:memory:/docker/hidden\n", {"memory": (2 * GB, 0, 0)}, 2),
        ("nonsense\n", {"v2": (GB, 0, 0)}, 10),
        ("0::/\n", {"v2": ("many", 0, 0)}, 10),
    ],
)
def test_what_is_free_is_what_the_machine_and_every_control_group_above_leave(
    tmp_path: Path, groups: str, limits: dict[str, tuple[object, int, int]], free_gb: float
) -> None:
    found = budget.found(machine(tmp_path, groups, **limits))
    assert found.whole_mb == pytest.approx(0.8 * 1024 * free_gb)


def test_where_nothing_tells_there_is_no_end_to_memory(tmp_path: Path) -> None:
    assert budget.found(tmp_path).whole_mb == math.inf
    assert budget.found(tmp_path, most_mb=2000).whole_mb == 1600
    assert Budget().word(99, 4096) == ""
    assert Budget().most_at_once(4096) > 1000


def test_a_submission_holds_its_share_always_and_more_while_the_others_leave_it() -> None:
    memory = Budget(1000)
    with memory.share(2) as one, memory.share(2) as two:
        assert one.fits(900)
        assert two.fits(100)
        assert two.fits(450)  # its own share
        assert not one.fits(900)
        assert one.fits(500)
    with memory.share(2) as three:
        assert three.fits(1000)
        assert not three.is_whole
    with memory.share(1) as alone:
        assert alone.is_whole
        assert alone.fits(1000)
        assert not alone.fits(1001)


@pytest.mark.parametrize(
    ("whole_mb", "count", "said"),
    [
        (20_000, 4, ""),
        (4096, 1, ""),
        (6_000, 2, "2 at once may use 4,096 MB each"),
        (3_000, 1, "one may use 4,096 MB"),
    ],
)
def test_the_word_on_memory_comes_where_it_may_run_short(whole_mb: float, count: int, said: str) -> None:
    word = Budget(whole_mb).word(count, 4096)
    assert bool(word) == bool(said)
    assert said in word


@pytest.mark.parametrize(("whole_mb", "count"), [(100, 1), (4096, 2), (8192, 4), (0, 1)])
def test_so_many_run_at_once_as_find_half_of_what_they_may_use(whole_mb: float, count: int) -> None:
    assert Budget(whole_mb).most_at_once(4096) == count


EATER = "import time\nheld = b'x' * ({mb} * 1024**2)\ntime.sleep(1)\ndel held\n"


def test_who_finds_no_memory_left_runs_again_alone_and_who_needs_more_than_there_is_loses_one_cell(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = room.engines("namespaces")
    monkeypatch.setattr(engine, "admission", Admission(Slots(2, memory=Budget(1250))))
    monkeypatch.setattr(engine, "jobs", 2)
    eaten_mb = {"ann": 700, "bob": 700, "eve": 1270, "kim": 0}
    verdicts = {verdict.student: verdict for verdict in engine.grade(handed_in(room, eaten_mb))}
    full = {"double": 3, "field": 1, "Tiny": 2, "step": 1}
    assert {name: scores(verdicts[name]) for name in ("ann", "bob", "kim")} == dict.fromkeys(
        ("ann", "bob", "kim"), full
    )
    assert scores(verdicts["eve"]) == full | {"field": 0}
    assert "used more than 1,250 MB of memory, and this machine has no more for one" in str(verdicts["eve"].notebook)
    assert {name for name, verdict in verdicts.items() if verdict.disturbed} == {"eve"}


def handed_in(room: Room, eaten_mb: dict[str, int]) -> list[HandIn]:
    """A hand-in a student, each of which holds so much memory for a while before it answers."""
    engine, found = room.engines("namespaces"), []
    for student, mb in eaten_mb.items():
        place = room.folder.submitted / student / LESSON
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        path = place / f"{LESSON}.ipynb"
        path.write_bytes(raw(filled(room.release(), ANSWERS | {"field": EATER.format(mb=mb) + ANSWERS["field"]})))
        found.append(HandIn(student, engine.exams[0], path, place))
    return found


def test_the_word_comes_before_anything_is_graded(tmp_path: Path) -> None:
    source = norms()
    source.metadata["clozegrad"] = {"memory_mb": 10_000_000}
    folder = make_course(tmp_path.resolve(), norms=source)
    place = folder.submitted / "ann/ps1"
    place.mkdir(parents=True)
    (place / "norms.ipynb").write_bytes(raw(filled(released(norms()), NORMS)))
    heard: list[str] = []
    (verdict,) = grade(folder, "ps1", on_start=heard.append, on_progress=lambda verdict: heard.append(verdict.student))
    assert "one may use 10,000,000 MB" in heard[0]
    assert heard[1:] == ["ann"]
    assert not verdict.disturbed
