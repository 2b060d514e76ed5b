"""Whether a lesson's own solutions pass its own tests: its source notebook is run for real, once per content."""

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import course
from course.authoring import promises
from course.authoring.lesson import Lesson
from course.authoring.notebook import Row, code_rows
from course.authoring.percent import KEPT, Cell
from course.authoring.problems import Problem
from course.syntax import parsed

LIMIT_S = 300  # as graded, a lesson may take 20; what takes so much longer never ends
WAY_OUT = 'pass plain data or a function, or open the members that it needs by checks.share(obj, "name", ...)'
# What a lesson's result depends on besides the lesson: the modules that its notebook imports, and how cells are built.
USED = ("checks/**/*.py", "data.py", "device.py", "promises.py", "results.py", "authoring/running.py",
         "authoring/handing.py", "authoring/notebook.py", "authoring/ownnames.py", "authoring/promises.py",
         "authoring/verify.py", "authoring/clozes.py", "cloze/*.py")  # fmt: skip


@dataclass(frozen=True)
class _Built:
    """A code cell of the lesson and its lines as the notebook has them."""

    cell: Cell
    rows: list[Row]

    @property
    def source(self) -> str:
        return "\n".join(text for text, _ in self.rows)

    def line(self, row: int) -> int:
        """The line of the lesson that a row of the notebook's cell comes from."""
        return self.rows[min(row, len(self.rows) - 1)][1]


def verify(lesson: Lesson, cache: Path, limit_s: float = LIMIT_S) -> tuple[Problem, ...]:
    """What goes wrong when the lesson runs with its own solutions; what went well is not run again."""
    built = [_Built(cell, code_rows(cell)) for cell in lesson.cells if cell.is_code]
    built = [item for item in built if item.cell.kind not in KEPT]
    mark = cache / "verified" / _key(lesson, built)
    if mark.is_file():
        return ()
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="verify-", dir=cache) as scratch:
        ran, ending = _run(lesson, built, Path(scratch).resolve(), limit_s)
    problems = tuple(map(lesson.script.located, _problems(lesson.path, built, ran, ending)))
    if not problems:
        mark.parent.mkdir(exist_ok=True)
        mark.touch()
    return problems


def _key(lesson: Lesson, built: list[_Built]) -> str:
    """A hash of all that decides how the lesson runs; prose does not."""
    package = Path(course.__file__).parent
    digest = hashlib.sha256(f"{sys.version} torch {version('torch')}".encode())
    digest.update(json.dumps([item.source for item in built]).encode())
    used = sorted({path for pattern in USED for path in package.glob(pattern)})
    for path in (*lesson.data, *used):
        digest.update(f"\0{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _run(lesson: Lesson, built: list[_Built], scratch: Path, limit_s: float) -> tuple[list[dict[str, object]], str]:
    """The results of the cells that ended, and how the process ended when it was not well."""
    cells, results, work = scratch / "cells.json", scratch / "results.jsonl", scratch / "work"
    cells.write_text(json.dumps([(item.source, item.cell.kind in ("solution", "cloze")) for item in built]), "utf-8")
    work.mkdir()
    for path in lesson.data:
        target = work / path.relative_to(lesson.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    package = str(Path(course.__file__).parents[1])
    settings = {
        "MPLBACKEND": "agg",
        "NBGRADER_EXECUTION": "autograde",
        "CLOZEGRAD_SEED": "reference",
        "PYTHONPATH": os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")])),
    }
    command = [sys.executable, "-m", "course.authoring.running", str(cells), str(results)]
    ending = ""
    try:
        done = subprocess.run(
            command, cwd=work, env={**os.environ, **settings}, timeout=limit_s, capture_output=True, text=True
        )
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:] or ["nothing on stderr"]
            ending = f"this cell ended the process (status {done.returncode}, {last[0]})"
    except subprocess.TimeoutExpired:
        ending = f"this cell was still running after {limit_s:g} s"
    lines = results.read_text("utf-8").splitlines() if results.is_file() else []
    return [json.loads(line) for line in lines], ending


def _problems(path: Path, built: list[_Built], ran: list[dict[str, object]], ending: str) -> tuple[Problem, ...]:
    found: list[Problem] = []
    for item, result in zip(built, ran, strict=False):
        if result["error"]:
            where = built[int(str(result["cell"]))]
            text = f"with its own solutions the lesson stops here: {result['error']}"
            found.append(Problem(path, where.line(int(str(result["row"]))), text))
        elif item.cell.kind == "tests":
            found += [Problem(path, line, text) for line, text in _failures(item, result["checks"])]
            found += [Problem(path, line, text) for line, text in _kept_back(item, result["handed"])]
    if ending and len(ran) < len(built):
        found.append(Problem(path, built[len(ran)].cell.line, ending))
    return tuple(found)


def _failures(item: _Built, results: object) -> list[tuple[int, str]]:
    """The checks of a test cell that its own solution does not pass, or that never ran."""
    assert isinstance(results, list)
    said = dict(results)
    found = []
    for label, row in _labels(item.source):
        if label not in said:
            found.append((item.line(row), f"the check `{label}` of `{item.cell.name}` never runs"))
        elif said[label]:
            text = f"the solution of `{item.cell.name}` fails its own check `{label}`: {said[label]}"
            found.append((item.line(row), text))
    promised = {promise.sentence for promise in promises.of(item.cell)}
    for label, message in results:
        if label in promised and message:
            found.append(
                (item.cell.line, f"the solution of `{item.cell.name}` breaks its promise `{label}`: {message}")
            )
    if item.cell.pieces:
        failed = [f"`{label}`: {message}" for label, message in results if message]
        found += [(item.cell.line, f"the answers of `{item.cell.name}` fail their own check {text}") for text in failed]
    return found


def _kept_back(item: _Built, handed: object) -> list[tuple[int, str]]:
    """What a test cell gives to an answer and cannot hand over where the answer runs in a process of its own."""
    assert isinstance(handed, list)
    test = f"the test of `{item.cell.name}` hands"
    return [
        (item.line(row), f"{test} {what} to the student's code, which runs in another process while grading: {WAY_OUT}")
        for row, what in handed
    ]


def _labels(source: str) -> list[tuple[str, int]]:
    """The checks of a test cell with their rows."""
    calls = [node for node in ast.walk(parsed(source)) if isinstance(node, ast.Call) and node.args]
    return [
        (str(call.args[0].value), call.lineno - 1)
        for call in calls
        if ast.unparse(call.func) == "checks.check" and isinstance(call.args[0], ast.Constant)
    ]
