"""Classes of a bare notebook, without torch, graded by stock ``nbgrader autograde`` and by ``course grade``, in turns.

All are whole commands in a course folder of its own, start and calibration included; with a warm engine too, and there
one regrade of one student besides. Medians of wall clock count only where nothing else runs.
"""

import argparse
import contextlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parent
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'bare'\n"
ANSWER, TEST = "def double(x):\n    return 2 * x", "assert double(3) == 6"
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
STOCKS, COLD, WARM, ONE = "`nbgrader autograde`", "`course grade`", "`course grade`, warm", "`-s STUDENT`, warm"


def source() -> NotebookNode:
    """One answer and its test."""
    flags = {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False}
    about = ({"grade_id": "a", "solution": True}, {"grade_id": "t", "grade": True, "locked": True, "points": 1})
    cells = [
        new_code_cell(text, id=meta["grade_id"], metadata={"nbgrader": flags | meta})
        for text, meta in zip((ANSWER, TEST), about, strict=True)
    ]
    return new_notebook(cells=cells, metadata=PYTHON)


def furnish(root: Path, students: int) -> None:
    """A course with its class's hand-ins."""
    (root / "nbgrader_config.py").write_text(CONFIG)
    places = ["source", *(f"submitted/student_{number}" for number in range(students))]
    for place in places:
        (root / place / "ps1").mkdir(parents=True)
        nbformat.write(source(), root / place / "ps1/bare.ipynb")
    run(root, "nbgrader", "generate_assignment", "ps1")


def run(root: Path, command: str, *arguments: str, **variables: str) -> tuple[float, float]:
    """The seconds of wall clock and of processor time that a command takes; what a warm engine does is in the first."""
    environment = _environment({"CLOZEGRAD_WARM": "0"} | variables)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([str(BIN / command), *arguments], cwd=root, check=True, capture_output=True, env=environment)
    wall_s, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    """One for commands and engine: an engine runs only the commands of an environment that is like its own."""
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])  # nbgrader calls alembic by its bare name
    environment = os.environ | {"PATH": path} | variables
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what Python compiles it keeps, as everywhere by default
    return environment


@contextlib.contextmanager
def engine() -> Iterator[dict[str, str]]:
    """A warm engine, and the variables with which a command finds it."""
    with tempfile.TemporaryDirectory() as place:
        variables = {"XDG_RUNTIME_DIR": place, "CLOZEGRAD_WARM": ""}
        command = [str(BIN / "course"), "serve-engine"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=_environment(variables)) as server:
            assert server.stdout is not None
            server.stdout.readline()  # it listens
            try:
                yield variables
            finally:
                server.terminate()


def main() -> None:
    """Measure, print, and write the medians to benchmarks/bare.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, nargs="+", default=(10, 30))
    parser.add_argument("--turns", type=int, default=3)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:  # not measured: the first time, Python compiles what is imported
        furnish(Path(place), 1)
        for command in (("nbgrader", "autograde"), ("course", "grade")):
            run(Path(place), *command, "ps1")
    with engine() as variables:
        tables = [_table(students, wanted.turns, variables) for students in wanted.students]
    text = (
        "# Classes of a bare notebook\n\n"
        "| students | command | wall s | CPU s | times faster |\n|---|---|---|---|---|\n"
        f"{''.join(tables)}\n"
        "The last row of each class is one hand-in of it, graded again by `course grade ps1 -s student_1`. Warm: with\n"
        "`course serve-engine` at work, whose processor time is not the command's.\n"
        f"Medians of {wanted.turns} turns; made by `python -m benchmarks.bare`.\n"
    )
    print(text)
    (ROOT / "bare.md").write_text(text)


def _table(students: int, turns: int, warm: dict[str, str]) -> str:
    """The rows of one class."""
    took: dict[str, list[tuple[float, float]]] = {STOCKS: [], COLD: [], WARM: [], ONE: []}
    grade, one = ("course", "grade", "ps1"), ("--force", "-s", "student_1")
    for _ in range(turns):
        for name, command in {STOCKS: ("nbgrader", "autograde", "ps1"), COLD: grade}.items():
            with tempfile.TemporaryDirectory() as place:
                furnish(Path(place), students)
                took[name].append(run(Path(place), *command))
        with tempfile.TemporaryDirectory() as place:
            furnish(Path(place), students)
            took[WARM].append(run(Path(place), *grade, **warm))
            took[ONE].append(run(Path(place), *grade, *one, **warm))
    medians = {name: [statistics.median(part) for part in zip(*costs, strict=True)] for name, costs in took.items()}
    rows = ""
    for name, (wall_s, cpu_s) in medians.items():
        faster = f"{medians[STOCKS][0] / wall_s:.1f}" if name in (COLD, WARM) else ""
        cpu = f"{cpu_s:.1f}" if name in (STOCKS, COLD) else ""
        rows += f"| {students} | {name} | {wall_s:.2f} | {cpu} | {faster} |\n"
    return rows


if __name__ == "__main__":
    main()
