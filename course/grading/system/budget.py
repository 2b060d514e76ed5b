"""The memory that the submissions of one command share, so that together they never take what the machine has not.

Protects against: a class whose submissions each keep their limit and together fill the memory of the machine, or of the
container; the kernel would then end whatever it likes.
Does not protect against: other programs that take memory meanwhile, or what is taken between two looks at each process.
"""

import contextlib
import math
import threading
from collections.abc import Iterator
from pathlib import Path

_USED = 0.8  # of what is free: the rest is the grader's own, and for what grows between two looks
_LEAST_MB = 1024.0  # one submission is run however little there is, and the kernel has the last word
_HALF = 2  # the submissions that run at once rarely take all they may at the same time
_GROUPS = {  # by version of control groups: where they lie, and the names of their limit, use and files that may go
    2: ("sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"),
    1: ("sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
}


class Share:
    """One submission's part of a budget; that of one that runs alone is the whole."""

    def __init__(self, budget: "Budget", mb: float) -> None:
        self._budget, self.mb = budget, mb

    @property
    def whole_mb(self) -> float:
        """The most that there is for one submission."""
        return self._budget.whole_mb

    @property
    def is_whole(self) -> bool:
        """Whether nobody else holds anything."""
        return self.mb == self._budget.whole_mb

    def fits(self, mb: float) -> bool:
        """Whether this submission may hold so much now: its part always, and more while the others leave it."""
        return self._budget.held(self, mb) <= self._budget.whole_mb or mb <= self.mb


class Budget:
    """So much memory for submissions, whoever of them needs it."""

    def __init__(self, whole_mb: float = math.inf) -> None:
        self.whole_mb = whole_mb
        self._held: dict[Share, float] = {}
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def share(self, among: int) -> Iterator[Share]:
        """An equal part of one of so many submissions that run at once, as long as it runs."""
        share = Share(self, self.whole_mb / among)
        try:
            yield share
        finally:
            with self._lock:
                self._held.pop(share, None)

    def held(self, share: Share, mb: float) -> float:
        """What all hold together, now that one of them holds so much."""
        with self._lock:
            self._held[share] = mb
            return sum(self._held.values())

    def most_at_once(self, each_mb: float) -> int:
        """How many submissions that may use `each_mb` run at once where nobody says."""
        return int(max(1, min(_HALF * self.whole_mb / each_mb, 1_000_000)))

    def account(self, each_mb: float) -> str:
        """How much there is, beside what one submission may use."""
        if self.whole_mb == math.inf:
            return "this system does not tell how much there is; submissions share it"
        return f"{self.whole_mb:,.0f} MB for submissions, which they share; one may use {each_mb:,.0f} MB"

    def word(self, count: int, each_mb: float) -> str:
        """What an instructor should know of so many submissions at once; nothing where there is memory for all."""
        there = f"this machine has {self.whole_mb:,.0f} MB of memory for submissions"
        if each_mb > self.whole_mb:
            return f"{there}, and one may use {each_mb:,.0f} MB: what needs more than there is ends as out of memory"
        if count * each_mb > self.whole_mb:
            return (
                f"{there}, and {count} at once may use {each_mb:,.0f} MB each: one that finds too little left is run "
                "again alone, which costs time and no points (fewer at once: --jobs)"
            )
        return ""


def found(root: Path = Path("/"), most_mb: float = math.inf) -> Budget:
    """What this machine has free for submissions, or its container, within `most_mb`; endless where nothing tells."""
    return Budget(max(_LEAST_MB, _USED * min(most_mb, _free_mb(root), *_group_rooms_mb(root))))


def _free_mb(root: Path) -> float:
    """What the kernel could give to programs without swapping."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        rows = (root / "proc/meminfo").read_text().splitlines()
        sizes = [int(row.split()[1]) / 1024 for row in rows if row.startswith("MemAvailable:")]
        return min(sizes, default=math.inf)
    return math.inf


def _group_rooms_mb(root: Path) -> Iterator[float]:
    """What is left in each control group that this process is in; a container shows its own as the outermost."""
    with contextlib.suppress(OSError):
        for row in (root / "proc/self/cgroup").read_text().splitlines():
            number, _, kinds_and_path = row.partition(":")
            kinds, _, path = kinds_and_path.partition(":")
            if version := 2 if (number, kinds) == ("0", "") else 1 if "memory" in kinds.split(",") else 0:
                place, *names = _GROUPS[version]
                inner = root / place / path.strip("/")
                for group in (inner, *(above for above in inner.parents if above.is_relative_to(root / place))):
                    yield _group_room_mb(group, *names)


def _group_room_mb(group: Path, limit: str, use: str, files: str) -> float:
    """A group's limit less what it cannot give back; endless where it has none ("max")."""
    with contextlib.suppress(OSError, ValueError):
        most, used = (int((group / name).read_text()) for name in (limit, use))
        rows = (row.split() for row in (group / "memory.stat").read_text().splitlines())
        return max(0, most - used + sum(int(size) for name, size in rows if name == files)) / 1024**2
    return math.inf
