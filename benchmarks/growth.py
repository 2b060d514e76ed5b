"""What a class costs as it grows: grading, grading again, feedback and the report, per hand-in, by time and by memory.

Bare notebooks without torch, so that what counts is the grader itself. Sizes that are not measured now keep their rows.
"""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bare import BIN, ROOT, furnish

PAGE = ROOT / "growth.md"
SIZES = (10, 100, 1000)
STEPS = {
    "`course grade`": ("grade", "ps1", "--jobs", "2"),
    "again, unchanged": ("grade", "ps1", "--jobs", "2"),
    "`course feedback`": ("feedback", "ps1"),
    "`course report`": ("report", "ps1"),
}
HEAD = """# As a class grows

Bare notebooks of one answer and one test, two jobs. Wall clock counts only where nothing else runs; processor time is that of
the command and of all that it started. Memory is the command's own at its peak. On disk: what the step leaves, the gradebook
with what is graded.

| hand-ins | step | wall s | CPU s | ms a hand-in (CPU) | peak MB | on disk, kB a hand-in |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Cost:
    """What one command took: seconds by the clock and of processor time, and memory at its peak."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def cost(root: Path, *arguments: str) -> Cost:
    """Run a command of the course to its end."""
    environment = os.environ | {"CLOZEGRAD_WARM": "0"}
    start = time.perf_counter()
    running = subprocess.Popen([BIN / "course", *arguments], cwd=root, stdout=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit(f"course {' '.join(arguments)} ended with status {running.returncode}")
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def measured(size: int) -> list[str]:
    """The rows of one class."""
    rows, before = [], 0
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        root = Path(place)
        furnish(root, size)
        left = held(root)
        for step, command in STEPS.items():
            found = cost(root, *command)
            before, left = left, held(root)
            each_ms, each_kb = 1000 * found.cpu_s / size, (left - before) / size / 1000
            rows.append(
                f"| {size} | {step} | {found.wall_s:.1f} | {found.cpu_s:.1f} | {each_ms:.0f} "
                f"| {found.peak_mb:.0f} | {each_kb:.1f} |\n"
            )
    return rows


def held(root: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(path.stat().st_size for path in root.rglob("*") if path.is_file())


def kept(sizes: Sequence[int]) -> list[str]:
    """The rows of other sizes that stand on the page."""
    lines = PAGE.read_text("utf-8").splitlines(keepends=True) if PAGE.is_file() else []
    rows = [line for line in lines if line.split("|")[1:2] and line.split("|")[1].strip().isdigit()]
    return [row for row in rows if int(row.split("|")[1]) not in sizes]


def main() -> None:
    """Measure, print, and write benchmarks/growth.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES)
    sizes = parser.parse_args().sizes
    rows = kept(sizes) + [row for size in sizes for row in measured(size)]
    rows.sort(key=lambda row: int(row.split("|")[1]))  # in one size, in the order of the steps
    text = f"{HEAD}{''.join(rows)}\nMade by `python -m benchmarks.growth`.\n"
    PAGE.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
