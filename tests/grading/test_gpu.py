import pytest
import torch

from course.grading import gpu
from course.grading.gpu import slots_in
from tests.grading.room import ANSWERS, Room, cell, scores

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


@pytest.mark.parametrize(
    ("table", "slots"),
    [
        ("141312, 0\n", 23),
        ("16384, 300\n16384, 300\n", 4),
        ("8192, 7000\n", 1),  # somebody else is there: one pair at a time, which may still fail
        ("", None),
        ("[N/A], [N/A]\n", None),
        ("No devices were found\n", None),
    ],
)
def test_pairs_share_the_memory_that_is_free(table: str, slots: int | None) -> None:
    assert slots_in(table) == slots


@pytest.mark.gpu
@needs_gpu
def test_the_driver_tells_how_many_pairs_fit() -> None:
    assert (gpu.slots() or 0) >= 1


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
