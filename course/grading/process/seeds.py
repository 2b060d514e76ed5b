"""The global generators of the two sides: fresh in each fork, and seeded together when a test seeds its own."""

import functools
import os
import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

# Of NVIDIA's cards, the next two on small boards and under Windows; AMD's; any with a screen; what only computes.
_DEVICES = ("/dev/nvidiactl", "/dev/nvmap", "/dev/dxg", "/dev/kfd", "/dev/dri", "/dev/accel", "/dev/accel0")
RESEED = "reseed"  # the function that seeds one of the generators


def make_fresh(entropy: bytes) -> None:
    """Seed them with at least 11 bytes: a fork inherits its parent's, so the candidate could foresee the examiner's."""
    random.seed(entropy)
    np.random.seed(int.from_bytes(entropy[:4], "little"))
    if torch := sys.modules.get("torch"):
        seed = torch.manual_seed if _may_have_accelerator() else torch.default_generator.manual_seed
        seed(int.from_bytes(entropy[4:11], "little"))


def _may_have_accelerator() -> bool:
    """Whether this process can reach anything but the CPU: torch, when it seeds that too, notes each line on its way.

    Nothing is asked of a driver, which might wake it.
    """
    return sys.platform != "linux" or any(map(os.path.exists, _DEVICES))


def follow(there: Callable[[str, int], None]) -> None:
    """Let the student's code draw from what a test seeds, as it would in one kernel.

    Args:
        there: is given the source of RESEED, for the student's side, and the number to call it with.
    """
    for owner, name in ((sys.modules.get("torch"), "manual_seed"), (np.random, "seed"), (random, "seed")):
        if owner is not None:  # else a course without torch
            setattr(owner, name, _on_both_sides(getattr(owner, name), owner.__name__, name, there))


def _on_both_sides(
    seed: Callable[..., Any], module: str, name: str, there: Callable[[str, int], None]
) -> Callable[..., Any]:
    source = f"def {RESEED}(number):\n    import {module} as module\n    module.{name}(number)\n"

    @functools.wraps(seed)
    def both(number: Any = None, *args: Any, **kwargs: Any) -> Any:
        result = seed(number, *args, **kwargs)
        if type(number) is int:
            there(source, number)
        return result

    return both
