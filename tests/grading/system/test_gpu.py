from pathlib import Path

import pytest
import torch

from course.grading.admission import Admission
from course.grading.system import gpu
from course.grading.system.gpu import Gpu, slots_of
from course.grading.system.slots import Slots
from tests.grading.exam_fixture import ANSWERS, Room, cell, scores
from tests.grading.notebooks import answer, graded, locked, notebook

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


BIG = [Gpu("0", "GPU-a1", 141312)]
TWO = [Gpu("0", "GPU-a1", 16084), Gpu("1", "GPU-b2", 12700)]


@pytest.mark.parametrize(
    ("gpus", "visible", "slots"),
    [
        (BIG, None, ["GPU-a1"] * 23),
        (TWO, None, ["GPU-a1", "GPU-b2", "GPU-a1", "GPU-b2"]),  # two pairs go to two GPUs
        ([Gpu("0", "GPU-a1", 1192)], None, ["GPU-a1"]),  # others are there: one pair, which may still fail
        (TWO, "1", ["GPU-b2", "GPU-b2"]),
        (TWO, "GPU-b", ["GPU-b2", "GPU-b2"]),
        (TWO, "1,7", ["GPU-b2", "GPU-b2"]),
        (BIG, "MIG-3,MIG-4", ["MIG-3", "MIG-4"]),
        (BIG, "", []),
        (BIG, "-1", []),
        ([], None, []),
    ],
)
def test_pairs_share_the_memory_that_is_free(gpus: list[Gpu], visible: str | None, slots: list[str]) -> None:
    assert slots_of(gpus, {} if visible is None else {"CUDA_VISIBLE_DEVICES": visible}) == slots


@pytest.mark.skipif(Path("/dev/nvidiactl").exists(), reason="there is a driver here")
def test_without_a_driver_there_is_no_slot_with_a_gpu() -> None:
    assert gpu.find() == []


def test_a_pair_finds_its_slot_in_its_environment(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.engines("namespaces"), "admission", Admission(Slots(1, ["GPU-b2"])))
    told = "import os\ndef double(x):\n    assert os.environ['CUDA_VISIBLE_DEVICES'] == 'GPU-b2'\n    return 2 * x"
    assert scores(room.grade(ANSWERS | {"double": told}))["double"] == 3


@pytest.mark.gpu
@needs_gpu
def test_the_driver_tells_how_many_pairs_fit() -> None:
    found = gpu.find()
    assert found
    assert all(name.startswith(("GPU-", "MIG-")) for name in found)


SOLUTION = """
def double(x):
    return 2 * x
def double_(x):
    x.mul_(2)
def make_net(where):
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 1)).to(where)
def step(params, lr):
    with torch.no_grad():
        for p in params:
            p -= lr * p.grad
def train(net, x, y):
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    for _ in range(60):
        loss = F.mse_loss(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()
"""
TESTS = """
checks.begin("on_device", points=6)
### BEGIN HIDDEN TESTS
checks.hidden()
rng = checks.rng()
with checks.check("a value comes back from the device", points=1):
    x = rng.tensor(1000).to(where)
    checks.close(double(x), 2 * x.cpu())
with checks.check("a tensor on the device is changed in place", points=1):
    x = checks.mutable(torch.ones(3, device=where))
    double_(x)
    checks.close(x, [2.0, 2.0, 2.0])
    checks.equal(x.device.type, where.type)
with checks.check("gradients cross", points=1):
    net, x = make_net(where), rng.tensor(8, 3).to(where)
    net(x).sum().backward()
    checks.close(next(reversed(list(net.parameters()))).grad, [8.0])
with checks.check("an optimiser changes parameters", points=1):
    w = torch.ones(2, device=where, requires_grad=True)
    (3 * w).sum().backward()
    step([w], 0.5)
    checks.close(w, [-0.5, -0.5])
with checks.check("a net learns over there", points=1):
    x = rng.tensor(64, 3).to(where)
    assert train(make_net(where), x, x.sum(1, keepdim=True)) < 0.5
with checks.check("convolutions agree", points=1):
    x = rng.tensor(2, 3, 8, 8)
    conv = nn.Conv2d(3, 4, 3)
    checks.close(double(conv.to(where)(x.to(where))), 2 * conv.cpu()(x))
### END HIDDEN TESTS
checks.score()
"""
CPU = pytest.param("cpu", id="cpu")
GPU = pytest.param("cuda", marks=[pytest.mark.gpu, needs_gpu], id="cuda")


@pytest.mark.parametrize("where", [CPU, GPU])
@pytest.mark.parametrize("isolation", ["namespaces", "landlock", "plain"])
def test_tensors_and_nets_cross_from_their_device(room: Room, isolation: str, where: str) -> None:
    head = f"import torch\nfrom torch import nn\nfrom torch.nn import functional as F\nfrom course import checks\nwhere = torch.device('{where}')"
    source = notebook(
        locked("setup", head),
        answer("on_device", f"### BEGIN SOLUTION{SOLUTION}### END SOLUTION"),
        graded("on_device_tests", TESTS, points=6),
    )
    verdict = room.grade_other(source, {"on_device": SOLUTION}, isolation)
    assert scores(verdict)["on_device"] == 6, cell(verdict, "on_device").report
    lies = SOLUTION.replace("2 * x", "2.01 * x").replace("x.mul_(2)", "pass").replace(".to(where)", "")
    assert scores(room.grade_other(source, {"on_device": lies}, isolation))["on_device"] == (
        1 if where == "cuda" else 3
    )


@pytest.mark.gpu
@needs_gpu
@pytest.mark.parametrize("isolation", ["namespaces", "landlock", "plain"])
def test_a_notebook_picks_the_gpu(room: Room, isolation: str) -> None:
    picking = "from course import device\ndef double(x):\n    assert device.pick().torch_device.type == 'cuda'\n    return 2 * x.cuda()"
    verdict = room.grade(ANSWERS | {"double": picking}, isolation=isolation)
    assert scores(verdict)["double"] == 3, cell(verdict, "double").report


@pytest.mark.gpu
@needs_gpu
def test_a_lie_on_the_gpu_gains_nothing(room: Room) -> None:
    lie = "def double(x):\n    return torch.zeros_like(x).cuda()"
    assert scores(room.grade(ANSWERS | {"double": lie}))["double"] == 0
