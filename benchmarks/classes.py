"""A class's lesson graded by stock ``nbgrader autograde`` and by ``course grade``, from command to last grade.

nbgrader grades one submission after the other, each like the last, so it is measured on a few students of the class,
before all else and once more after it: a machine that grows slower meanwhile, as many do, is then slower for both.
``course grade`` grades the whole class, two at once, its start included, then again with a warm engine.
"""

import argparse
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
    """One lesson on all sides: the seconds of each command, how many it graded, and whether scores are the same."""

    lesson: str
    took: dict[str, tuple[int, float]]
    is_equal: bool

    def rows(self) -> str:
        """The lines of the table."""
        number, stock_s = self.took[STOCKS]
        lines = ""
        for name, (graded, wall_s) in self.took.items():
            faster = "" if name == STOCKS else f"{stock_s / number / (wall_s / graded):.1f}"
            lines += f"| {self.lesson} | {name} | {graded} | {wall_s:.1f} | {wall_s / graded:.2f} | {faster} |\n"
        return lines


def main() -> None:
    """Measure, print, and write benchmarks/classes.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", nargs="+", default=LESSONS)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--stock", type=int, default=6, help="how many of them nbgrader grades")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        found = [measured(Path(scratch) / name, name, options.students, options.stock) for name in options.lessons]
    unequal = [one.lesson for one in found if not one.is_equal]
    text = (
        f"# A class of {options.students}, from command to last grade\n\n"
        f"`course grade` with {JOBS} jobs, start included; warm: with `course serve-engine` at work. nbgrader grades one after "
        f"the other and was measured on {options.stock} of the class, before all else and once more after it. Times "
        "faster are of the seconds per submission.\n\n"
        "| lesson | command | submissions | wall s | s per submission | times faster |\n|---|---|---|---|---|---|\n"
        + "".join(one.rows() for one in found)
        + f"\nScores in both gradebooks: {'NOT equal in ' + ', '.join(unequal) if unequal else 'equal'}.\n"
        "Made by `python -m benchmarks.classes`.\n"
    )
    print(text)
    (ROOT / "benchmarks/classes.md").write_text(text, "utf-8")


def measured(scratch: Path, name: str, students: int, few: int) -> Sides:
    """What a class costs on all sides."""
    lesson = read(ROOT / "lessons" / name)
    config = (ROOT / "nbgrader_config.py").read_text("utf-8")
    stock, cold, warm = (
        furnish(scratch / kind, lesson, number, settings)
        for kind, number, settings in (("stock", few, STOCK), ("cold", students, config), ("warm", students, config))
    )
    register(stock, name)
    ours = ("course", "grade", name, f"-j{JOBS}")

    def by_stock() -> float:
        return run(stock.root, "nbgrader", "autograde", name, "--force")[0]

    took = {STOCKS: (few, by_stock())}
    took[COLD] = students, run(cold.root, *ours)[0]
    with engine() as variables:
        run(warm.root, *ours, "--student", "student000", **variables)  # as when a class is graded again
        took[WARM] = students, run(warm.root, *ours, "--force", **variables)[0]
    took[STOCKS] = 2 * few, took[STOCKS][1] + by_stock()
    found, *others = (scores(folder, name) for folder in (stock, cold, warm))
    return Sides(name, took, all(other[key] == points for other in others for key, points in found.items()))


if __name__ == "__main__":
    main()
