"""A class's lesson graded by stock ``nbgrader autograde`` and by ``course grade``, from command to last grade, in turns.

nbgrader grades one submission after the other, each like the last, so a few students of the class tell what each takes;
its start, measured apart by a command that finds all graded, is shared out among the whole class.
``course grade`` grades the whole class, two at once, its start included, then again with a warm engine. A shared machine
is now faster and now slower: each turn measures all three, and the medians count.
"""

import argparse
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bare import COLD, STOCKS, WARM, engine, run
from benchmarks.grading import ROOT, STOCK, furnish, register, scores
from course.authoring.lesson import read

LESSONS = ("04_mnist_baseline", "08_resnet")
JOBS = 2


@dataclass(frozen=True)
class Sides:
    """One lesson on all sides: seconds per submission in each turn, how many were graded, and whether scores are equal."""

    lesson: str
    graded: dict[str, int]
    each_s: dict[str, list[float]]
    is_equal: bool

    def rows(self) -> str:
        """The lines of the table."""
        medians = {name: statistics.median(times) for name, times in self.each_s.items()}
        lines = ""
        for name, each_s in medians.items():
            turns = ", ".join(f"{one:.2f}" for one in self.each_s[name])
            faster = "" if name == STOCKS else f"{medians[STOCKS] / each_s:.1f}"
            lines += f"| {self.lesson} | {name} | {self.graded[name]} | {turns} | {each_s:.2f} | {faster} |\n"
        return lines


def main() -> None:
    """Measure, print, and write benchmarks/classes.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", nargs="+", default=LESSONS)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--stock", type=int, default=2, help="how many of them nbgrader grades in each turn")
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        found = [measured(Path(scratch) / name, name, options) for name in options.lessons]
    unequal = [one.lesson for one in found if not one.is_equal]
    text = (
        f"# A class of {options.students}, from command to last grade\n\n"
        f"`course grade` with {JOBS} jobs, start included; warm: with `course serve-engine` at work. nbgrader grades one after "
        f"the other, {options.stock} of the class in each turn, and its start is shared out among all. In the warm one's folder the "
        f"lesson was graded before. Of {options.turns} turns, each of all three, the medians count.\n\n"
        "| lesson | command | submissions | s per submission in each turn | median | times faster |\n"
        "|---|---|---|---|---|---|\n"
        + "".join(one.rows() for one in found)
        + f"\nScores in all gradebooks: {'NOT equal in ' + ', '.join(unequal) if unequal else 'equal'}.\n"
        "Made by `python -m benchmarks.classes`.\n"
    )
    print(text)
    (ROOT / "benchmarks/classes.md").write_text(text, "utf-8")


def measured(scratch: Path, name: str, options: argparse.Namespace) -> Sides:
    """What a class costs on all sides."""
    lesson = read(ROOT / "lessons" / name)
    config = (ROOT / "nbgrader_config.py").read_text("utf-8")
    graded = {STOCKS: options.stock, COLD: options.students, WARM: options.students}
    each_s: dict[str, list[float]] = {side: [] for side in graded}
    stock = furnish(scratch / "stock", lesson, options.stock, STOCK)
    register(stock, name)
    ours = ("course", "grade", name, f"-j{JOBS}")
    is_equal = True
    for turn in range(options.turns):
        cold, warm = (furnish(scratch / f"{kind}{turn}", lesson, options.students, config) for kind in ("cold", "warm"))
        few_s = run(stock.root, "nbgrader", "autograde", name, "--force")[0]
        start_s = run(stock.root, "nbgrader", "autograde", name)[0]
        each_s[STOCKS].append((few_s - start_s) / options.stock + start_s / options.students)
        took = {COLD: run(cold.root, *ours)[0]}
        with engine() as variables:
            run(warm.root, *ours, "--student", "student000", **variables)  # as when a class is graded again
            took[WARM] = run(warm.root, *ours, "--force", **variables)[0]
        for side, seconds in took.items():
            each_s[side].append(seconds / graded[side])
        found, *others = (scores(folder, name) for folder in (stock, cold, warm))
        is_equal &= all(other[key] == points for other in others for key, points in found.items())
    return Sides(name, graded, each_s, is_equal)


if __name__ == "__main__":
    main()
