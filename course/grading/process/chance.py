"""The course's random draws, made alike in examiner and candidate: before such a cell, both set their generators.

The seed of each cell is the submission's own. The candidate is told it and can do with it what it likes: the examiner
draws for itself.
"""

import hashlib
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


class Chance:
    """One side's global generators of Python, numpy and torch."""

    def __init__(self) -> None:
        self._left: list[Any] | None = None  # as the course's last drawing cell left them

    @contextmanager
    def drawing(self, seed: str, follows: bool) -> Iterator[None]:
        """Draw in here what the other side draws; `follows`, from where the last of these cells ended."""
        _set(self._left if follows and self._left else _states_of(seed))
        with _seeding_from(random.Random(seed)):
            yield
        self._left = _states()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Bring the generators back to what they were: what tests draw is nobody's to foresee."""
        before = _states()
        yield
        _set(before)


@contextmanager
def _seeding_from(source: random.Random) -> Iterator[None]:
    """Let generators that are made without a seed in here take one from the source, not from the machine."""
    from numpy.random import bit_generator as machine

    own, bits = random.Random.seed, machine.randbits  # type: ignore[attr-defined]

    def seed(self: random.Random, a: Any = None, version: int = 2) -> None:
        own(self, source.getrandbits(256) if a is None else a, version)

    random.Random.seed, machine.randbits = seed, source.getrandbits  # type: ignore[method-assign, attr-defined]
    try:
        yield
    finally:
        random.Random.seed, machine.randbits = own, bits  # type: ignore[method-assign, attr-defined]


def _states_of(seed: str) -> list[Any]:
    """The states in which fresh generators with this seed are: none is seeded by a function that a test may watch."""
    digest = hashlib.sha256(seed.encode()).digest()
    states = [random.Random(digest).getstate(), np.random.RandomState(list(digest)).get_state()]
    if torch := sys.modules.get("torch"):
        states.append(torch.Generator().manual_seed(int.from_bytes(digest[:7], "little")).get_state())
    return states


def _states() -> list[Any]:
    torch = sys.modules.get("torch")
    return [random.getstate(), np.random.get_state(), *([torch.get_rng_state()] if torch else [])]


def _set(states: list[Any]) -> None:
    random.setstate(states[0])
    np.random.set_state(states[1])
    if (torch := sys.modules.get("torch")) and states[2:]:
        torch.set_rng_state(states[2])
