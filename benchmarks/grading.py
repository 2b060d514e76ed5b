"""The same class graded by stock ``nbgrader autograde`` and by the engine, side by side in one run (``make bench``).

A grader's overhead is its wall time less the cells' own time. For nbgrader that is measured apart, by running all cells of
each submission, tests included, in one shell forked from a process that has imported everything, with as many threads as
torch takes. The engine takes tenths of a second, less than a shared machine's speed changes by from one run to the next:
there a stopwatch goes in the same run whenever code of a cell runs, on either side (benchmarks/stopwatch.py).

One submission at a time and two at once are measured in turns, a few submissions each.
"""

import argparse
import contextlib
import importlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from pathlib import Path

import nbformat
import psutil
import torch
from nbgrader.api import Gradebook

from benchmarks.stopwatch import TimedForkServer
from course.authoring.lesson import Lesson, read
from course.authoring.new import new_lesson
from course.authoring.notebook import fill
from course.authoring.pipeline import build
from course.folder import CourseFolder
from course.grading.admission import Admission
from course.grading.engine import Engine
from course.grading.gradebook.assignment import ensure_assignment
from course.grading.keeping import save
from course.grading.plan.exam import exams_of
from course.grading.process.shell import Shell
from course.grading.submission.files import handed_in
from course.grading.system.gpu import find
from course.grading.system.slots import Slots

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
STOCK = (
    'c = get_config()\nc.CourseDirectory.course_id = "bench"\nc.Execute.timeout = 600\nc.Execute.iopub_timeout = 60\n'
)
SMALL = "99_small"  # the lesson that `course new` writes: what a submission costs when its cells cost nothing
CLASSES = (10, 100, 500)
AT_A_TURN = 4


@dataclass(frozen=True)
class Cost:
    """What grading ``submissions`` notebooks took; memory is proportional, of the whole process tree."""

    submissions: int
    wall_s: float
    cpu_s: float
    peak_mb: float

    @property
    def each_s(self) -> float:
        return self.wall_s / self.submissions

    def __add__(self, other: "Cost") -> "Cost":
        """One after the other."""
        submissions, cpu_s = self.submissions + other.submissions, self.cpu_s + other.cpu_s
        return Cost(submissions, self.wall_s + other.wall_s, cpu_s, max(self.peak_mb, other.peak_mb))

    def row(self, name: str, overhead_s: float | None) -> str:
        over = "" if overhead_s is None else f"{overhead_s:.2f}"
        return (
            f"| {name} | {self.submissions} | {self.each_s:.2f} | {self.cpu_s / self.submissions:.2f} "
            f"| {over} | {self.peak_mb:.0f} |\n"
        )


def main() -> None:
    """Measure, print, and write benchmarks/results.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lesson", default="04_mnist_baseline")
    parser.add_argument("--students", type=int, default=8, help="the class that both graders grade; even")
    parser.add_argument("--largest", type=int, default=CLASSES[-1], help="the largest class of the small lesson")
    options = parser.parse_args()
    if options.students < 2 or options.students % 2:
        parser.error(f"--students {options.students}: two are graded at once, so name an even number")
    sizes = [size for size in CLASSES if size <= options.largest]
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        small = _by_size(Path(scratch), sizes)
        report = _side_by_side(Path(scratch), options.lesson, options.students) + _table(small)
    print(report)
    (ROOT / "benchmarks/results.md").write_text(report, "utf-8")


def _side_by_side(scratch: Path, name: str, students: int) -> str:
    """The report of one class in both graders."""
    lesson = read(ROOT / "lessons" / name)
    ours = furnish(scratch / "ours", lesson, students, (ROOT / "nbgrader_config.py").read_text("utf-8"))
    stock = furnish(scratch / "stock", lesson, students, STOCK)
    register(stock, name)
    alone_s = statistics.mean(_own_times(ours, name, torch.get_num_threads()))
    first = ["--student", "student000"]
    one_stock = _command(1, [str(BIN / "nbgrader"), "autograde", name, *first], stock.root)
    one_ours = _command(1, [str(BIN / "course"), "grade", name, "-j1", *first], ours.root)
    all_stock = _command(students, [str(BIN / "nbgrader"), "autograde", name, "--force"], stock.root)
    all_ours = _command(students, [str(BIN / "course"), "grade", name, "-j1", "--force"], ours.root)
    equal = scores(stock, name) == scores(ours, name)
    cells_s, one, two = _in_turns(ours, name)
    before, after = all_stock.each_s - alone_s, one.each_s - cells_s
    return (
        "# Grading, side by side\n\n"
        f"Made by `make bench` ({students} students) on {os.cpu_count()} cores; all seconds are per submission of {name}. "
        "Overhead is wall time less the cells' own time: for nbgrader that is what the same cells take alone, with torch's "
        f"default {torch.get_num_threads()} threads, {alone_s:.2f} s; for the engine, fork server up, what they took in that very "
        f"run by a stopwatch on both sides, {cells_s:.2f} s.\n\n"
        "| grader | submissions | wall s | CPU s | overhead s | peak MB (PSS) |\n|---|---|---|---|---|---|\n"
        + one_stock.row("nbgrader autograde, one student", one_stock.each_s - alone_s)
        + one_ours.row("course grade, one student, start included", None)
        + all_stock.row("nbgrader autograde", before)
        + all_ours.row("course grade, start included", None)
        + one.row("the engine, fork server up, one at a time", after)
        + two.row("the engine, fork server up, two at once", None)
        + f"\n- Overhead of nbgrader over the engine's with its fork server up: {before / max(after, 0.01):.0f} times "
        f"({before:.2f} s and {after:.2f} s).\n"
        f"- A single submission, start included: nbgrader takes {one_stock.wall_s / one_ours.wall_s:.2f} times as long.\n"
        f"- Two at once against one: {one.each_s / two.each_s:.2f} times the throughput, "
        f"{two.peak_mb - one.peak_mb:.0f} MB more memory.\n"
        f"- Scores in both gradebooks: {'equal' if equal else 'NOT equal'}.\n"
    )


def _by_size(scratch: Path, sizes: list[int]) -> dict[int, float]:
    """Seconds a submission of the small lesson in classes of different sizes, notebooks and gradebook written."""
    found = {}
    for size in sizes:
        folder = CourseFolder(scratch / f"class{size}")
        folder.root.mkdir()
        shutil.copy(ROOT / "nbgrader_config.py", folder.root)
        lesson = read(new_lesson(folder, SMALL))
        build(folder, [SMALL])
        _hand_in(folder, lesson, size)
        found[size] = _whole_class(folder, SMALL).each_s
    return found


def _table(by_size: dict[int, float]) -> str:
    rows = "".join(f"| {size} | {each_s:.3f} |\n" for size, each_s in by_size.items())
    return (
        "\n## By the size of the class\n\n"
        "The lesson that `course new` writes, whose own cells take next to nothing; `--jobs 1`, fork server up.\n\n"
        f"| submissions | wall s per submission |\n|---|---|\n{rows}"
    )


def furnish(root: Path, lesson: Lesson, students: int, config: str) -> CourseFolder:
    """A course folder with the lesson as built and a class that hands in."""
    root.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(config, "utf-8")
    for part in ("source", "release"):
        shutil.copytree(ROOT / part / lesson.name, root / part / lesson.name)
    folder = CourseFolder(root)
    _hand_in(folder, lesson, students)
    return folder


def _hand_in(folder: CourseFolder, lesson: Lesson, students: int) -> None:
    """A full notebook, then partly right ones in turn."""
    release = nbformat.read(folder.release / lesson.name / f"{lesson.name}.ipynb", as_version=4)
    right = {exercise.name: exercise.answer for exercise in lesson.exercises}
    wrong = {exercise.name: exercise.wrong[0].source for exercise in lesson.exercises if exercise.wrong}
    for number in range(students):
        answers = right | {
            key: wrong[key] for place, key in enumerate(wrong) if number and place % (number % 5 + 2) == 0
        }
        target = folder.submitted / f"student{number:03d}" / lesson.name
        target.mkdir(parents=True)
        nbformat.write(fill(release, answers), target / f"{lesson.name}.ipynb")


def register(folder: CourseFolder, name: str) -> None:
    """Tell the stock course's gradebook the assignment, as an instructor would, with the release kept as it is."""
    kept = folder.root / "kept"
    shutil.copytree(folder.release, kept)
    command = [str(BIN / "nbgrader"), "generate_assignment", name, "--force"]
    subprocess.run(command, cwd=folder.root, check=True, capture_output=True, env=_environment())
    shutil.rmtree(folder.release)
    kept.rename(folder.release)


def _own_times(folder: CourseFolder, name: str, threads: int) -> list[float]:
    """Seconds that the cells of each submission take by themselves, imports done before."""
    (exam,) = exams_of(folder, name)
    for module in exam.modules:
        with contextlib.suppress(ImportError):  # among them is whatever may be a module, as the source tells
            importlib.import_module(module)
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
        times.append(_timed_in_fork(texts, threads))
    return times


def _timed_in_fork(cells: list[str], threads: int) -> float:
    ours, theirs = os.pipe()
    if os.fork() == 0:
        os.environ["NBGRADER_EXECUTION"] = "autograde"
        torch.set_num_threads(threads)
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


def _command(submissions: int, command: list[str], cwd: Path) -> Cost:
    """Run a command to its end and measure it and all that it starts."""
    before, start = os.times(), time.perf_counter()
    with (cwd / "bench.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=cwd, stdout=log, stderr=log, env=_environment())
        peak = _watch(process.pid, lambda: process.poll() is None)
        if process.wait():
            raise SystemExit(f"{' '.join(command)} failed:\n{(cwd / 'bench.log').read_text('utf-8')[-2000:]}")
    after = os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(submissions, time.perf_counter() - start, cpu_s, peak)


def _in_turns(folder: CourseFolder, name: str) -> tuple[float, Cost, Cost]:
    """What the cells took, and what one at a time and two at once cost."""
    students = sorted(path.name for path in folder.submitted.iterdir())
    forkserver = TimedForkServer()
    cells_s, ones, twos = 0.0, [], []
    with Engine(folder, exams_of(folder, name), jobs=2, forkserver=forkserver) as engine:
        ensure_assignment(folder, name)
        two_slots, one_slot = engine.admission, Admission(Slots(1, find()))
        peaks = {}
        for slots in (one_slot, two_slots):  # apart, since looking at all that memory holds the processes up
            engine.admission = slots
            peaks[slots] = _graded(engine, students[:2], watched=True).peak_mb
        for few in (students[at : at + AT_A_TURN] for at in range(0, len(students), AT_A_TURN)):
            engine.admission = two_slots
            twos.append(_graded(engine, few))
            engine.admission = one_slot
            before = forkserver.cells_s
            ones.append(_graded(engine, few))
            cells_s += forkserver.cells_s - before
    one, two = replace(reduce(add, ones), peak_mb=peaks[one_slot]), replace(reduce(add, twos), peak_mb=peaks[two_slots])
    return cells_s / len(students), one, two


def _whole_class(folder: CourseFolder, name: str) -> Cost:
    """The engine with its fork server up, one at a time, notebooks and gradebook written."""
    students = sorted(path.name for path in folder.submitted.iterdir())
    with Engine(folder, exams_of(folder, name), jobs=1) as engine:
        ensure_assignment(folder, name)
        engine.ready()
        return _graded(engine, students)


def _graded(engine: Engine, students: Sequence[str], *, watched: bool = False) -> Cost:
    """What it costs to grade these, notebooks and gradebook written; its memory only if ``watched``."""
    forkserver = psutil.Process(engine.forkserver.pid)
    times, start = forkserver.cpu_times(), time.perf_counter()
    done = threading.Event()
    peaks: list[float] = []
    thread = threading.Thread(target=lambda: peaks.append(_watch(engine.forkserver.pid, lambda: not done.is_set())))
    if watched:
        thread.start()
    for verdict in engine.grade(handed_in(engine.folder, engine.exams, list(students))):
        save(engine.folder, verdict)
    wall_s = time.perf_counter() - start
    done.set()
    if watched:
        thread.join()
    now = forkserver.cpu_times()
    cpu_s = now.children_user + now.children_system - times.children_user - times.children_system
    return Cost(len(students), wall_s, cpu_s, peaks[0] if watched else 0.0)


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
        time.sleep(1.0)
    return peak


def scores(folder: CourseFolder, name: str) -> dict[tuple[str, str], float]:
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


if __name__ == "__main__":
    main()
