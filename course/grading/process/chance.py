"""Random draws that do not depend on what else has run: the generators are set before a cell or a test draws.

The course's draws are made alike in examiner and candidate. Where demonstrations may be left out, cells that count go
on where the last of them ended, and each test begins from a state of its own, on either side.

The seeds are the submission's own. The candidate is told its own ones and can do with them what it likes: the examiner
draws for itself, and what it draws by itself is seeded with what the candidate is never told.
"""

import hashlib
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

# Where a cell's generators start: as they are, at the beginning of a test, where the last cell that counts ended,
# or, for one whose draws the examiner makes too, afresh or where the last of those ended.
Start = Literal["here", "test", "last", "draw", "last draw"]
# What seeds them, whatever a test or the code that it watches puts in the place of these functions.
_seed_python, _seed_numpy = random.seed, np.random.seed


class Chance:
    """One side's global generators of Python, numpy and torch."""

    def __init__(self) -> None:
        self._left: _States | None = None  # as the course's last drawing cell left them
        self._counted: _States | None = None  # as the last cell that counts left them
        self._stands: int | None = None  # not None while they still stand so, which is yet to be noted

    @contextmanager
    def started(self, seed: str, start: Start) -> Iterator[None]:
        """Run a cell in here whose generators start there."""
        if start == "here":
            self._leave()
            yield
        elif start == "test":
            self.begin(seed)
            yield
        elif start == "last":
            with self.going_on(seed):
                yield
        else:
            with self.drawing(seed, follows=start == "last draw"):
                yield

    @contextmanager
    def drawing(self, seed: str, follows: bool) -> Iterator[None]:
        """Draw in here what the other side draws; `follows`, from where the last of these cells ended."""
        self._leave()
        asleep = _seed(seed) if self._left is None or not follows else _set(self._left)
        with _seeding_from(random.Random(seed)):
            yield
        self._left = self._counted = _states(asleep)

    @contextmanager
    def going_on(self, seed: str) -> Iterator[None]:
        """Draw in here from where the last cell that counts ended; the first one begins with the seed."""
        asleep, self._stands = self._stands, None
        if asleep is None:
            asleep = _seed(seed) if self._counted is None else _set(self._counted)
        yield
        self._stands = asleep

    def begin(self, seed: str) -> None:
        """Begin a test with the seed."""
        self._leave()
        _seed(seed)

    def _leave(self) -> None:
        """Note where the last cell that counts left them, before something else draws."""
        if self._stands is not None:
            self._counted, self._stands = _states(self._stands), None

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


@dataclass(frozen=True)
class _States:
    """The states of the global generators; of GPUs that nobody has used yet, what they are to be seeded with."""

    python: Any
    numpy: Any
    torch: Any = None
    gpus: list[Any] | int = 0


def _seed(seed: str) -> int:
    """Have them begin with this seed; the number with which GPUs begin that nobody has used yet."""
    digest = hashlib.sha256(seed.encode()).digest()
    _seed_python(digest)
    _seed_numpy(list(digest))
    number = int.from_bytes(digest[:7], "little")
    if torch := sys.modules.get("torch"):
        torch.default_generator.manual_seed(number)
        if _has_gpus():
            torch.cuda.manual_seed_all(number)  # one that is asleep takes it as it wakes
    return number


def _states(gpus: int = 0) -> _States:
    """The states that they are in; those GPUs that are asleep are to begin with the number."""
    own = random.getstate(), np.random.get_state()
    if (torch := sys.modules.get("torch")) is None:
        return _States(*own)
    awake = torch.cuda.is_initialized()
    return _States(*own, torch.get_rng_state(), torch.cuda.get_rng_state_all() if awake else gpus)


def _set(states: _States) -> int:
    """Bring them into these states; the number with which GPUs begin that nobody has used yet."""
    random.setstate(states.python)
    np.random.set_state(states.numpy)
    asleep = states.gpus if isinstance(states.gpus, int) else 0
    if (torch := sys.modules.get("torch")) is None or states.torch is None:
        return asleep
    torch.set_rng_state(states.torch)
    if isinstance(states.gpus, list):
        torch.cuda.set_rng_state_all(states.gpus)
    elif asleep and _has_gpus():
        torch.cuda.manual_seed_all(asleep)
    return asleep


@cache
def _has_gpus() -> bool:
    """Whether this process may wake one; torch looks for the driver anew whenever it is asked."""
    return bool(sys.modules["torch"].cuda.is_available())
