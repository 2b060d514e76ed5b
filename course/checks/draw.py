"""Random test data that a student cannot foresee, the same at every regrade.

At grading time the draws follow from CLOZEGRAD_SEED, the exercise and the number of the generator in its cell;
elsewhere from the operating system. torch's global generator is never touched. Every tensor drawn is remembered, so
that code which changes its input in place is found out, even when a test computes the expected value from it later.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch

from course.checks.cell import current
from course.checks.inputs import CHANGED

T = TypeVar("T")
_WORDS = (
    *("amber", "apple", "birch", "cloud", "coral", "delta", "ember", "fable", "forest", "garnet", "harbor", "island"),
    *(
        "kettle",
        "lagoon",
        "lemon",
        "maple",
        "meadow",
        "nectar",
        "ocean",
        "olive",
        "pepper",
        "prairie",
        "quartz",
        "raven",
    ),
    *("river", "saffron", "silver", "thistle", "tundra", "velvet", "violet", "walnut", "willow", "zephyr"),
)


@dataclass
class _Drawn:
    """One tensor that was handed out, and what it held."""

    tensor: torch.Tensor
    before: torch.Tensor

    def changed(self) -> bool:
        now = self.tensor.detach()
        same_form = now.shape == self.before.shape and now.dtype == self.before.dtype
        return not (same_form and torch.equal(now, self.before))

    def restore(self) -> None:
        """Put the old numbers back, so that the next check is judged on its own."""
        with torch.no_grad():
            if self.tensor.shape != self.before.shape or self.tensor.dtype != self.before.dtype:
                self.tensor.data = self.before.clone()
            self.tensor.copy_(self.before)


class Rng:
    """A source of random numbers, tensors and choices, apart from all other generators."""

    def __init__(self, seed: int) -> None:
        self._generator = torch.Generator(device="cpu").manual_seed(seed)
        self._drawn: list[_Drawn] = []

    def tensor(
        self,
        *shape: int,
        low: float | None = None,
        high: float | None = None,
        dtype: torch.dtype = torch.float32,
        requires_grad: bool = False,
        mutable: bool = False,
    ) -> torch.Tensor:
        """A tensor of standard normal numbers, or uniform ones between `low` (0) and `high` (1) when either is given.

        Set `mutable` for one that the code under test is meant to change in place.
        """
        if low is None and high is None:
            drawn = torch.randn(shape, generator=self._generator, dtype=torch.float64, device="cpu")
        else:
            low, high = 0.0 if low is None else low, 1.0 if high is None else high
            drawn = torch.rand(shape, generator=self._generator, dtype=torch.float64, device="cpu") * (high - low) + low
        return self._remembered(drawn.to(dtype), mutable).requires_grad_(requires_grad)

    def integers(self, *shape: int, low: int, high: int, mutable: bool = False) -> torch.Tensor:
        """An int64 tensor of whole numbers from `low` to `high`, both included."""
        drawn = torch.randint(low, high + 1, shape, generator=self._generator, device="cpu", dtype=torch.int64)
        return self._remembered(drawn, mutable)

    def permutation(self, n: int, mutable: bool = False) -> torch.Tensor:
        """The numbers 0 to n - 1 in random order, an int64 tensor."""
        return self._remembered(torch.randperm(n, generator=self._generator, device="cpu"), mutable)

    def uniform(self, a: float = 0.0, b: float = 1.0) -> float:
        """One number between a and b."""
        return a + (b - a) * float(torch.rand((), generator=self._generator, dtype=torch.float64, device="cpu"))

    def integer(self, a: int, b: int) -> int:
        """One whole number from a to b, both included."""
        return int(torch.randint(a, b + 1, (), generator=self._generator, device="cpu"))

    def choice(self, seq: Sequence[T]) -> T:
        """One item of a sequence."""
        if not len(seq):
            raise ValueError("checks.rng().choice() needs a sequence with at least one item")
        return seq[self.integer(0, len(seq) - 1)]

    def words(self, n: int) -> list[str]:
        """n different short words."""
        if n > len(_WORDS):
            raise ValueError(f"checks.rng().words() has {len(_WORDS)} words, not {n}")
        order = torch.randperm(len(_WORDS), generator=self._generator, device="cpu")[:n]
        return [_WORDS[int(i)] for i in order]

    def fault(self) -> str:
        """Say so when a tensor drawn here was changed in place since it was last looked at, and put it right."""
        changed = [drawn for drawn in self._drawn if drawn.changed()]
        for drawn in changed:
            drawn.restore()
        return CHANGED if changed else ""

    def _remembered(self, tensor: torch.Tensor, mutable: bool) -> torch.Tensor:
        if mutable:
            current().inputs.allow(tensor)
        else:
            self._drawn.append(_Drawn(tensor, tensor.detach().clone()))
        return tensor


def rng(seed: int | None = None) -> Rng:
    """A new generator: from `seed` when given, else from the grader's secret seed, else from the operating system."""
    made = unwatched_rng(seed)
    current().watchers.append(made)
    return made


def unwatched_rng(seed: int | None = None) -> Rng:
    """The same, for draws that code may change: a promise looks at them itself."""
    cell = current()
    cell.draws += 1
    return Rng(_seed(seed, cell.exercise, cell.draws))


def _seed(seed: int | None, exercise: str, draw: int) -> int:
    secret = os.environ.get("CLOZEGRAD_SEED")
    if seed is not None:
        material = f"fixed\0{seed}".encode()
    elif secret:
        material = f"{secret}\0{exercise}\0{draw}".encode()
    else:
        material = os.urandom(16)
    return int.from_bytes(hashlib.sha256(material).digest()[:8], "big") >> 1
