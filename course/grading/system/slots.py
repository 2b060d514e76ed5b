"""Slots: how many submissions run at once, and what each may use: its cores, its GPU, its share of the memory."""

import math
import os
import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from course.grading.system.budget import Budget, Share


@dataclass(frozen=True)
class Slot:
    """What one submission's processes may use: cores and environment of their own, and a share of the memory."""

    cores: tuple[int, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    memory: Share = field(default_factory=lambda: Share(Budget(), math.inf))


class Slots:
    """One slot for each pair that may run at once: as many as are wanted, and no more than fit into the GPUs' memory.

    Args:
        gpus: the GPU of each slot that there is room for, as `gpu.find` tells; none: there is no GPU to share.
        cores: those that may be used (default: all that this process may).
        memory: what they share (default: without end).
    """

    def __init__(
        self,
        wanted: int,
        gpus: Sequence[str] = (),
        cores: Sequence[int] | None = None,
        memory: Budget | None = None,
    ) -> None:
        self.count = min(wanted, len(gpus)) if gpus else wanted
        self.has_gpu = any(gpus)
        self.memory = memory or Budget()
        self._free: queue.Queue[Slot] = queue.Queue()
        self._emptying = threading.Lock()
        for number, own in enumerate(shares(self.count, usable_cores() if cores is None else cores)):
            self._free.put(Slot(own, {"CUDA_VISIBLE_DEVICES": gpus[number]} if gpus else {}))

    @contextmanager
    def one(self) -> Iterator[Slot]:
        """Wait for a slot; CUDA finds the GPU of its environment alone, and finds it as number 0."""
        slot = self._free.get()
        try:
            with self.memory.share(self.count) as share:
                yield replace(slot, memory=share)
        finally:
            self._free.put(slot)

    @contextmanager
    def alone(self) -> Iterator[Slot]:
        """Wait for a slot while nothing runs in any other, nor begins to."""
        taken: list[Slot] = []
        with self._emptying:  # two who each held half of them would wait for ever
            try:
                taken += (self._free.get() for _ in range(self.count))
                with self.memory.share(1) as whole:
                    yield replace(taken[0], memory=whole)
            finally:
                for slot in taken:
                    self._free.put(slot)


def usable_cores() -> tuple[int, ...]:
    """The cores that this process may use; none where the system does not tell."""
    return tuple(sorted(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else ()


def shares(count: int, cores: Sequence[int]) -> list[tuple[int, ...]]:
    """The cores of each of `count` slots: apart while there are enough, else one each, in turn."""
    if not cores:
        return [()] * count
    each = max(1, len(cores) // count)
    return [tuple(cores[(slot * each + place) % len(cores)] for place in range(each)) for slot in range(count)]
