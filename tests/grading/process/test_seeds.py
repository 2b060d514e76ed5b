"""Fresh generators in a fork, on all that it can reach."""

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from course.grading.process import seeds

ENTROPY = bytes(range(32))


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    python, numpy, torchs = random.getstate(), np.random.get_state(), torch.get_rng_state()
    yield
    random.setstate(python)
    np.random.set_state(numpy)
    torch.set_rng_state(torchs)


@pytest.mark.parametrize("is_there", [True, False])
def test_the_cpu_is_seeded_alike_and_an_accelerator_where_there_may_be_one(
    is_there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = tmp_path / "accelerator"
    if is_there:
        device.touch()
    asked: list[int] = []
    manual_seed = torch.manual_seed
    monkeypatch.setattr(seeds.sys, "platform", "linux")
    monkeypatch.setattr(seeds, "_DEVICES", (str(device),))
    monkeypatch.setattr(torch, "manual_seed", lambda number: [asked.append(number), manual_seed(number)])
    number = int.from_bytes(ENTROPY[4:11], "little")
    wanted = torch.rand(5, generator=torch.Generator().manual_seed(number))
    seeds.make_fresh(ENTROPY)
    assert torch.equal(torch.rand(5), wanted)
    assert asked == [number] * is_there


def test_elsewhere_than_on_linux_nobody_looks_for_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeds.sys, "platform", "darwin")
    monkeypatch.setattr(seeds, "_DEVICES", ())
    assert seeds._may_have_accelerator()
