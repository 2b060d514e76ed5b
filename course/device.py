"""Where tensors are computed, how long, and from which seed; nothing is chosen before it is asked for."""

from __future__ import annotations

import os
import random
import warnings
from dataclasses import dataclass

import numpy as np
import torch

GRADING_SHARE = 5


@dataclass(frozen=True)
class Device:
    """The device to use, and why this one."""

    torch_device: torch.device
    reason: str

    def __str__(self) -> str:
        return str(self.torch_device)


def pick() -> Device:
    """CUDA when a GPU answers, else Apple's MPS, else the CPU; CLOZEGRAD_DEVICE overrules all."""
    if chosen := os.environ.get("CLOZEGRAD_DEVICE"):
        return Device(torch.device(chosen), f"CLOZEGRAD_DEVICE says {chosen}")
    found, absence = _cuda()
    if found:
        return found
    if torch.backends.mps.is_available():
        return Device(torch.device("mps"), "an Apple GPU was found")
    return Device(torch.device("cpu"), absence)


def seed_everything(n: int) -> None:
    """Start the generators of Python, numpy and torch (every device) from `n`."""
    random.seed(n)
    np.random.seed(n % 2**32)
    torch.manual_seed(n)


def budget(epochs: int, share: int = GRADING_SHARE) -> int:
    """That many epochs or steps for a student; at least one and one in `share` of them when nbgrader runs it."""
    return max(1, epochs // share) if os.environ.get("NBGRADER_EXECUTION") else epochs


def sync() -> None:
    """Wait until the GPU in use has finished, so that a clock read next tells the truth; do nothing on a CPU."""
    if torch.cuda.is_initialized():
        torch.cuda.synchronize()
    elif torch.backends.mps.is_available():
        torch.mps.synchronize()


def _cuda() -> tuple[Device | None, str]:
    """A CUDA device that really computes, or the reason why there is none."""
    try:
        with warnings.catch_warnings(record=True):
            if not torch.cuda.is_available():
                return None, "no GPU was found" if torch.backends.cuda.is_built() else "this torch is built for the CPU"
            torch.zeros(1, device="cuda").add_(1).item()
        memory = torch.cuda.get_device_properties(0).total_memory / 2**30
        return Device(torch.device("cuda"), f"{torch.cuda.get_device_name(0)}, {memory:.0f} GiB"), ""
    except (RuntimeError, AssertionError) as error:
        return None, f"a GPU was found but does not respond ({str(error).strip().splitlines()[0]})"
