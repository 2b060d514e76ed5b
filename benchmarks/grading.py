"""The same class graded by stock ``nbgrader autograde`` and by the engine, side by side in one run (``make bench``).

A grader's overhead is its wall time less the cells' own time. The cells' own time is measured apart from both, by running
all cells of each submission, tests included, in one shell forked from a process that has imported everything.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from nbgrader.api import Gradebook

from course.build.lesson import Lesson, read
from course.build.notebook import fill
from course.demo.students import reference
from course.folder import CourseFolder
from course.grading.engine import Engine
from course.grading.exam import exams_of
from course.grading.handin import handed_in
from course.grading.shell import Shell

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
STOCK = (
    'c = get_config()\nc.CourseDirectory.course_id = "bench"\nc.Execute.timeout = 600\nc.Execute.iopub_timeout = 60\n'
)


@dataclass(frozen=True)
class Cost:
    """What a whole command took for ``submissions`` notebooks; memory is proportional, of the whole process tree."""

    name: str
    submissions: int
    wall_s: float
    cpu_s: float
    peak_mb: float

    def row(self, own_s: float) -> str:
        each = self.wall_s / self.submissions
        return (
            f"| {self.name} | {self.submissions} | {each:.2f} | {self.cpu_s / self.submissions:.2f} "
            f"| {each - own_s:.2f} | {self.peak_mb:.0f} |\n"
        )


def main() -> None:
    """Measure, print, and write benchmarks/results.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lesson", default="04_mnist_baseline")
    parser.add_argument("--students", type=int, default=4, help="submissions of the class that both graders grade")
    parser.add_argument(
        "--warm", type=int, default=12, help="submissions that the warm engine grades for its own figures"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        report = _measure(Path(scratch), options.lesson, options.students, options.warm)
    print(report)
    (ROOT / "benchmarks/results.md").write_text(report, "utf-8")


def _measure(scratch: Path, name: str, students: int, warm: int) -> str:
    lesson = read(ROOT / "lessons" / name)
    ours_config = (ROOT / "nbgrader_config.py").read_text("utf-8")
    ours = _course(scratch / "ours", lesson, students, ours_config)
    stock = _course(scratch / "stock", lesson, students, STOCK)
    many = _course(scratch / "many", lesson, warm, ours_config)
    own_s = _own_time(ours, name)
    _register(stock, name)
    costs = [
        _command("nbgrader autograde", students, [str(BIN / "nbgrader"), "autograde", name], stock.root),
        _command(
            "course grade --jobs 1, start included", students, [str(BIN / "course"), "grade", name, "-j1"], ours.root
        ),
    ]
    one, two = (_warm(many, name, jobs) for jobs in (1, 2))
    return _report(name, own_s, costs, one, two, _scores(stock, name) == _scores(ours, name))


def _course(root: Path, lesson: Lesson, students: int, config: str) -> CourseFolder:
    """A course folder whose class hands in full, partly right and unfilled notebooks in turn."""
    root.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(config, "utf-8")
    for part in ("source", "release"):
        shutil.copytree(ROOT / part / lesson.name, root / part / lesson.name)
    release = nbformat.read(root / "release" / lesson.name / f"{lesson.name}.ipynb", as_version=4)
    right = {exercise.name: reference(exercise) for exercise in lesson.exercises}
    wrong = {exercise.name: exercise.wrong[0].source for exercise in lesson.exercises if exercise.wrong}
    for number in range(students):
        answers = right | {
            key: wrong[key] for place, key in enumerate(wrong) if number and place % (number % 5 + 2) == 0
        }
        target = root / "submitted" / f"student{number:03d}" / lesson.name
        target.mkdir(parents=True)
        nbformat.write(fill(release, answers), target / f"{lesson.name}.ipynb")
    return CourseFolder(root)


def _register(folder: CourseFolder, name: str) -> None:
    """Tell the stock course's gradebook the assignment, as an instructor would, with the release kept as it is."""
    kept = folder.root / "kept"
    shutil.copytree(folder.release, kept)
    command = [str(BIN / "nbgrader"), "generate_assignment", name, "--force"]
    subprocess.run(command, cwd=folder.root, check=True, capture_output=True, env=_environment())
    shutil.rmtree(folder.release)
    kept.rename(folder.release)


def _own_time(folder: CourseFolder, name: str) -> float:
    """Seconds that the cells of one submission take, the mean over the class, imports done before."""
    (exam,) = exams_of(folder, name)
    with Engine(folder, name, jobs=1):
        pass  # warms the disk's cache for whoever comes first
    for module in exam.modules:
        __import__(module)
    source = {cell.metadata["nbgrader"]["grade_id"]: cell for cell in exam.source.cells if "nbgrader" in cell.metadata}
    times = []
    for path in sorted(folder.submitted.glob(f"*/{name}/{name}.ipynb")):
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        texts = [
            source[cell.metadata["nbgrader"]["grade_id"]].source
            if cell.metadata.get("nbgrader", {}).get("grade")
            else cell.source
            for cell in cells
        ]
        times.append(_timed_in_fork(texts))
    return sum(times) / len(times)


def _timed_in_fork(cells: list[str]) -> float:
    ours, theirs = os.pipe()
    if os.fork() == 0:
        os.environ["NBGRADER_EXECUTION"] = "autograde"
        shell = Shell.make()
        shell.ready()
        start = time.perf_counter()
        for cell in cells:
            shell.run(cell)
        os.write(theirs, str(time.perf_counter() - start).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as answer:
        seconds = float(answer.read())
    os.wait()
    return seconds


def _command(name: str, submissions: int, command: list[str], cwd: Path) -> Cost:
    """Run a command to its end and measure it and all that it starts."""
    before, start = os.times(), time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment()
    )
    peak = _watch(process.pid, lambda: process.poll() is None)
    process.wait()
    after = os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(name, submissions, time.perf_counter() - start, cpu_s, peak)


def _warm(folder: CourseFolder, name: str, jobs: int) -> Cost:
    """The engine alone, its nursery up: what one more submission costs."""
    with Engine(folder, name, jobs=jobs) as engine:
        students = sorted(path.name for path in folder.submitted.iterdir())
        nursery = psutil.Process(engine.nursery.pid)
        times, start = nursery.cpu_times(), time.perf_counter()
        done = threading.Event()
        peaks: list[float] = []
        thread = threading.Thread(target=lambda: peaks.append(_watch(engine.nursery.pid, lambda: not done.is_set())))
        thread.start()
        count = sum(1 for _ in engine.grade(handed_in(folder, engine.exams, students)))
        wall_s = time.perf_counter() - start
        done.set()
        thread.join()
        now = nursery.cpu_times()
    cpu_s = now.children_user + now.children_system - times.children_user - times.children_system
    return Cost(f"the engine, warm, {jobs} at once", count, wall_s, cpu_s, peaks[0])


def _watch(pid: int, running: Callable[[], bool]) -> float:
    """The largest proportional memory, in MB, of a process and its descendants while it runs."""
    peak = 0.0
    while running():
        total = 0.0
        try:
            tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        except psutil.NoSuchProcess:
            break
        for process in tree:
            try:
                total += process.memory_full_info().pss / 2**20
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        peak = max(peak, total)
        time.sleep(0.5)
    return peak


def _scores(folder: CourseFolder, name: str) -> dict[tuple[str, str], float]:
    course_id = str(folder.coursedir().course_id or "")
    with Gradebook(folder.db_url, course_id) as book:
        return {
            (submission.student_id, grade.name): grade.auto_score
            for submission in book.assignment_submissions(name)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}


def _report(name: str, own_s: float, costs: list[Cost], one: Cost, two: Cost, equal: bool) -> str:
    stock, ours = costs
    overhead = stock.wall_s / stock.submissions - own_s
    warm = max(one.wall_s / one.submissions - own_s, 0.001)
    rows = "".join(cost.row(own_s) for cost in (*costs, one, two))
    return (
        "# Grading, side by side\n\n"
        f"Made by `make bench` on {os.cpu_count()} cores, lesson {name}; all seconds are per submission. The cells' own time, "
        f"measured apart, is {own_s:.2f} s; overhead is wall time less that.\n\n"
        "| grader | submissions | wall s | CPU s | overhead s | peak MB (PSS) |\n|---|---|---|---|---|---|\n"
        f"{rows}\n"
        f"- Overhead of nbgrader over the warm engine's: {overhead / warm:.0f} times ({overhead:.2f} s and {warm:.2f} s).\n"
        f"- The whole command, start included: nbgrader {stock.wall_s / ours.wall_s:.2f} times the engine's wall time.\n"
        f"- Two at once against one: {one.wall_s / two.wall_s:.2f} times the throughput, "
        f"{two.peak_mb - one.peak_mb:.0f} MB more memory.\n"
        f"- Scores in both gradebooks: {'equal' if equal else 'NOT equal'}.\n"
    )


if __name__ == "__main__":
    main()
