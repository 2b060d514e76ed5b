"""How long the code of cells runs inside the engine: the student's on its side, the test's on the other.

A fork server of its own kind runs a stopwatch in every fork. It goes while a cell or a function of the student's runs, and
while a test runs and does not wait for the other side; the rest of a submission's time is the grader's.
"""

import mmap
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from course.grading.process import forkserver, preload

ROOT = Path(__file__).resolve().parent.parent
_TIME = struct.Struct("d")


class TimedForkServer(forkserver.ForkServer):
    """A fork server whose forks add up the time that they spend in cells."""

    def __init__(self) -> None:
        self._file = tempfile.NamedTemporaryFile(prefix="stopwatch-")  # noqa: SIM115  it lives as long as the fork server
        self._file.write(bytes(_TIME.size))
        self._file.flush()
        self._total = mmap.mmap(self._file.fileno(), _TIME.size)
        start = f"from benchmarks import stopwatch; stopwatch.run({self._file.name!r})"
        self.program = ("-c", f"import sys; sys.path.append({str(ROOT)!r}); {start}")
        super().__init__()

    @property
    def cells_s(self) -> float:
        """The seconds spent in cells so far, of all submissions together; exact while one is graded at a time."""
        (seconds,) = _TIME.unpack(self._total[: _TIME.size])
        return float(seconds)


def run(path: str) -> None:
    """The timed fork server's own process: the stopwatch into every way to a cell's code, then as any fork server."""
    from course.grading.boundary import CandidateClient
    from course.grading.boundary.ends.candidate import Candidate
    from course.grading.boundary.ends.link import Link
    from course.grading.process.shell import Shell

    with open(path, "r+b") as file:
        watch = _Stopwatch(mmap.mmap(file.fileno(), _TIME.size))
    for owner, name in ((Shell, "run"), (Candidate, "perform"), (CandidateClient, "perform")):
        setattr(owner, name, watch.around(getattr(owner, name), going=True))
    Candidate.send_part = watch.around(Candidate.send_part, going=False)  # type: ignore[method-assign]
    Link.request = watch.around(Link.request, going=False)  # type: ignore[method-assign]
    preload.main()


class _Stopwatch:
    def __init__(self, total: mmap.mmap) -> None:
        self._total = total
        self._since: float | None = None

    def around(self, step: Callable[..., Any], *, going: bool) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self._set(going):
                return step(*args, **kwargs)

        return timed

    @contextmanager
    def _set(self, going: bool) -> Iterator[None]:
        before = self._since is not None
        self._turn(going)
        try:
            yield
        finally:
            self._turn(before)

    def _turn(self, going: bool) -> None:
        now = time.perf_counter()
        if self._since is not None:
            (total,) = _TIME.unpack(self._total[: _TIME.size])
            self._total[: _TIME.size] = _TIME.pack(total + now - self._since)
        self._since = now if going else None
