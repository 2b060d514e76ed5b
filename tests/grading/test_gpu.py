import pytest
import torch

from course.grading import gpu
from course.grading.gpu import slots_in
from tests.grading.room import ANSWERS, Room, cell, scores

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


BIG, TWO = "0, GPU-a1, 141312, 0\n", "0, GPU-a1, 16384, 300\n1, GPU-b2, 13000, 300\n"


@pytest.mark.parametrize(
    ("table", "visible", "slots"),
    [
        (BIG, None, ["GPU-a1"] * 23),
        (TWO, None, ["GPU-a1", "GPU-b2", "GPU-a1", "GPU-b2"]),  # two pairs go to two GPUs
        ("0, GPU-a1, 8192, 7000\n", None, ["GPU-a1"]),  # others are there: one pair, which may still fail
        (TWO, "1", ["GPU-b2", "GPU-b2"]),
        (TWO, "GPU-b", ["GPU-b2", "GPU-b2"]),
        (TWO, "1,7", ["GPU-b2", "GPU-b2"]),
        (BIG, "MIG-3,MIG-4", ["MIG-3", "MIG-4"]),
        (BIG, "", []),
        (BIG, "-1", []),
        ("", None, []),
        ("0, GPU-a1, [N/A], [N/A]\n", None, []),
        ("No devices were found\n", None, []),
    ],
)
def test_pairs_share_the_memory_that_is_free(table: str, visible: str | None, slots: list[str]) -> None:
    assert slots_in(table, {} if visible is None else {"CUDA_VISIBLE_DEVICES": visible}) == slots


def test_a_slot_is_one_pairs_until_it_gives_it_back() -> None:
    slots = gpu.Slots(["GPU-a1", "GPU-b2"])
    with slots.one() as first, slots.one() as second:
        assert [first["CUDA_VISIBLE_DEVICES"], second["CUDA_VISIBLE_DEVICES"]] == ["GPU-a1", "GPU-b2"]
    with slots.one() as third, slots.one() as fourth:
        assert third != fourth


def test_a_pair_finds_its_slot_in_its_environment(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.engines("namespaces"), "gpus", gpu.Slots(["GPU-b2"]))
    told = "import os\ndef double(x):\n    assert os.environ['CUDA_VISIBLE_DEVICES'] == 'GPU-b2'\n    return 2 * x"
    assert scores(room.grade(ANSWERS | {"double": told}))["double"] == 3


@pytest.mark.gpu
@needs_gpu
def test_the_driver_tells_how_many_pairs_fit() -> None:
    slots = gpu.find()
    assert slots is not None
    with slots.one() as environment:
        assert environment["CUDA_VISIBLE_DEVICES"].startswith(("GPU-", "MIG-"))


@pytest.mark.gpu
@needs_gpu
@pytest.mark.parametrize("rung", ["namespaces", "plain"])
def test_a_student_may_compute_on_the_gpu(room: Room, rung: str) -> None:
    on_gpu = "def double(x):\n    assert torch.cuda.is_available()\n    return 2 * x.cuda()"
    verdict = room.grade(ANSWERS | {"double": on_gpu}, rung=rung)
    assert scores(verdict)["double"] == 3, cell(verdict, "double").report


@pytest.mark.gpu
@needs_gpu
def test_a_lie_on_the_gpu_gains_nothing(room: Room) -> None:
    lie = "def double(x):\n    return torch.zeros_like(x).cuda()"
    assert scores(room.grade(ANSWERS | {"double": lie}))["double"] == 0
