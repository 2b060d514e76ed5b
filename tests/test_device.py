"""The device, the seed and the budget."""

import random
import subprocess
import sys

import numpy as np
import pytest
import torch

from course import device


def test_a_device_is_picked_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOZEGRAD_DEVICE", raising=False)
    picked = device.pick()
    assert picked.reason
    assert torch.ones(2, device=picked.torch_device).sum().item() == 2
    if not torch.cuda.is_available() and not torch.backends.mps.is_available():
        assert str(picked) == "cpu"


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_is_picked_when_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOZEGRAD_DEVICE", raising=False)
    picked = device.pick()
    assert picked.torch_device.type == "cuda"
    assert torch.cuda.get_device_name(0) in picked.reason
    torch.ones(10, device=picked.torch_device)
    device.sync()


def test_the_environment_overrules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOZEGRAD_DEVICE", "cpu")
    assert device.pick() == device.Device(torch.device("cpu"), "CLOZEGRAD_DEVICE says cpu")


def test_importing_chooses_nothing_and_starts_no_gpu() -> None:
    code = "import course.device, course.checks, course.data, torch; print(torch.cuda.is_initialized())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_one_seed_repeats_all_three_generators() -> None:
    def draw() -> list[float]:
        return [random.random(), float(np.random.rand()), float(torch.rand(()))]

    device.seed_everything(5)
    first = draw()
    device.seed_everything(5)
    assert draw() == first
    device.seed_everything(2**40)
    assert draw() != first


def test_the_budget_shrinks_for_graders_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert device.budget(80) == device.budget(80, 20) == 80
    for execution in ("autograde", "validate"):
        monkeypatch.setenv("NBGRADER_EXECUTION", execution)
        assert [device.budget(n) for n in (80, 3, 1)] == [16, 1, 1]
        assert device.budget(80, 20) == 4


def test_sync_does_nothing_on_a_cpu() -> None:
    device.sync()
