"""A class graded by one Dask worker of this machine and by two, in turns: seconds per submission with all at work."""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.grading import ROOT, furnish
from course.authoring.lesson import read
from course.folder import CourseFolder
from course.grading import run
from course.grading.cluster.joining import Cluster

LESSON = "04_mnist_baseline"
WORKERS = (1, 2)
WARMING = 5  # submissions until all workers have theirs


def main() -> None:
    """Measure, print, and write benchmarks/workers.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--turns", type=int, default=3)
    wanted = parser.parse_args()
    config = (ROOT / "nbgrader_config.py").read_text("utf-8")
    took: dict[int, list[tuple[float, float]]] = {workers: [] for workers in WORKERS}
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = furnish(Path(scratch) / "course", read(ROOT / "lessons" / LESSON), wanted.students, config)
        for _ in range(wanted.turns):
            for workers in WORKERS:
                took[workers].append(measured(folder, workers))
    alone_s = statistics.median(each_s for _, each_s in took[1])
    rows = ""
    for workers, times in took.items():
        whole_s, each_s = (statistics.median(part) for part in zip(*times, strict=True))
        range_s = f"{min(each for _, each in times):.2f} to {max(each for _, each in times):.2f}"
        rows += f"| {workers} | {whole_s:.1f} | {each_s:.2f} | {range_s} | {alone_s / each_s:.2f} |\n"
    text = (
        f"# A class of {wanted.students} in lesson 4, by `course grade --workers N`\n\n"
        "| workers | wall s, start included | s per submission, start left out | from, to | times one |\n"
        "|---|---|---|---|---|\n"
        f"{rows}\nThe start is left out by counting from the {WARMING}th verdict. Medians of {wanted.turns} turns, since "
        "the speed of a machine moves meanwhile;\nmade by `python -m benchmarks.workers`.\n"
    )
    print(text)
    (ROOT / "benchmarks/workers.md").write_text(text, "utf-8")


def measured(folder: CourseFolder, workers: int) -> tuple[float, float]:
    """Seconds of wall clock for the class, and per submission after the first few."""
    ready: list[float] = []
    start = time.perf_counter()
    run.grade(
        folder,
        LESSON,
        cluster=Cluster(workers=workers),
        force=True,
        on_progress=lambda *_: ready.append(time.perf_counter() - start),
    )
    whole_s = time.perf_counter() - start
    return whole_s, (ready[-1] - ready[WARMING - 1]) / (len(ready) - WARMING)


if __name__ == "__main__":
    main()
