"""In which order submissions run: one is made ready and waits for a slot, the rest wait behind it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from course.grading.system.slots import Slot, Slots


class Place:
    """From where a submission takes its turns: the front of the line, until the first one comes."""

    def __init__(self, slots: Slots, leave: Callable[[], None] = lambda: None) -> None:
        self._slots, self._leave = slots, leave

    @contextmanager
    def turn(self, *, alone: bool) -> Iterator[Slot]:
        """Wait for a slot, or `alone` until there is nothing in any other; then whoever is next may get ready."""
        with self._slots.alone() if alone else self._slots.one() as slot:
            self._leave()
            yield slot


class Admission:
    """Lets submissions into the slots: those in line in the order they came, others as it happens."""

    def __init__(self, slots: Slots) -> None:
        self._slots, self._front = slots, threading.Lock()

    @contextmanager
    def front(self) -> Iterator[Place]:
        """Wait to be at the front of the line, where one submission is made ready."""
        with ExitStack() as front:
            front.enter_context(self._front)
            yield Place(self._slots, front.close)

    def outside(self) -> Place:
        """A place beside the line, for notebooks of the course's own."""
        return Place(self._slots)
