"""How much time, memory and output a submission may use while it is graded."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of one submission; a lesson may set its own in its notebook's metadata under ``clozegrad``."""

    cell_s: float = 30.0  # one cell of the student's notebook
    call_s: float = 10.0  # one call of a student's function from a test
    test_s: float = 60.0  # one whole test cell
    submission_s: float = 600.0  # everything
    grace_s: float = 2.0  # from the interrupt that code can catch to the kill that it cannot
    memory_mb: float = 4096.0  # the candidate and all it starts, resident
    processes: int = 256
    file_mb: int = 256  # one file, and each scratch folder
    restarts: int = 12  # how often a candidate that ended itself is started anew
