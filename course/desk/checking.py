"""`course check`: run the tests that a student can see, in a fresh kernel, and say how far the notebook is."""

import contextlib
import os
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import is_solution

from course import scoping
from course.checks.fault import is_unfilled_text
from course.checks.standing import Plan, Progress, exercise_of, is_test, plan_of
from course.errors import CourseError
from course.grading.cells import is_as_released
from course.grading.submission.parsing import ASK_AGAIN, LooseNotebook, ParsedCell, Unreadable, read
from course.report.screen import harmless
from course.results import MIMETYPE, CellReport, report_of

START_S = 600  # for the kernel, on a busy machine
CELL_S = 60  # for one cell; a loop without end costs its own exercise alone
EVERY_S = 0.5  # between two looks at a file that is watched
_ANEW = "Take your last copy of it, or download it again"
_IN_LINE = re.compile(r"(?P<what>.*?) ?\([^()]*\bline (?P<line>\d+)\)$")


def check(notebook: Path, *, all_cells: bool = False, cell_s: int = CELL_S) -> Progress:
    """How far a notebook is: its visible tests run in a fresh kernel, in its own folder.

    Cells from which no test and no answer needs a name are not run, unless `all_cells`. Raises CourseError when the
    file cannot be read or holds no exercise, or no kernel starts.
    """
    loose = _read(notebook)
    plan = plan_of((cell.cell_type, cell.source, cell.mark == "answer") for cell in loose.cells)
    if not plan.tasks:
        noted = " ".join(loose.notes).replace(ASK_AGAIN, _ANEW) or "no cell of it calls checks.begin()"
        raise CourseError(f"{notebook} has no exercise: {noted}; is it a lesson's notebook?")
    code = [cell for cell in loose.cells if cell.cell_type == "code"]
    sources = [cell.source for cell in (code if all_cells else _needed(code))]
    return _progress(plan, _untouched(notebook), sources, _outputs(notebook, sources, cell_s))


def watch(notebook: Path, *, all_cells: bool = False, cell_s: int = CELL_S) -> Iterator[str]:
    """What to show at once and after every save, without end; what cannot be read is said, and read at the next save.

    Raises CourseError when there is no such file to begin with.
    """
    if not notebook.is_file():
        raise CourseError(f"{notebook}: there is no such file")
    seen: tuple[int, int] | None = None
    while True:
        with contextlib.suppress(FileNotFoundError):  # some editors rename while they save
            status = notebook.stat()
            if (now := (status.st_mtime_ns, status.st_size)) != seen:
                seen = now
                yield f"checking {notebook.name} …"
                yield _checked(notebook, all_cells, cell_s)
        time.sleep(EVERY_S)


def _checked(notebook: Path, all_cells: bool, cell_s: int) -> str:
    try:
        lines = [*check(notebook, all_cells=all_cells, cell_s=cell_s).lines()]
    except CourseError as error:
        lines = [str(error)]
    return "\n".join([*lines, "", "Save the notebook to check again; Ctrl-C ends."])


def _read(notebook: Path) -> LooseNotebook:
    try:
        return read(notebook.read_bytes())
    except OSError as error:
        raise CourseError(f"{notebook}: {error.strerror or error}") from None
    except Unreadable as error:
        raise CourseError(f"{notebook}: {str(error).replace(ASK_AGAIN, _ANEW)}") from None


def _untouched(notebook: Path) -> frozenset[str]:
    """The exercises whose answers still have the text that students got, by nbgrader's checksums."""
    try:
        cells = nbformat.reads(notebook.read_text("utf-8"), as_version=4).cells
        return frozenset(
            cell.metadata.nbgrader.grade_id for cell in cells if is_solution(cell) and is_as_released(cell)
        )
    except Exception:  # nbformat and nbgrader raise whatever a file's shape leads them to
        return frozenset()


def _needed(cells: Sequence[ParsedCell]) -> list[ParsedCell]:
    """Tests, answers, what the course locked, and, from the end back, the cells that bind a name which those read."""
    wanted: set[str] = set()
    kept: list[ParsedCell] = []
    for cell, following in zip(reversed(cells), [None, *reversed(cells[1:])], strict=True):
        is_answer = cell.mark == "answer" or (following is not None and is_test(following.source))
        try:
            names = scoping.names_in(scoping.parse(cell.source))
        except (SyntaxError, RecursionError):  # it is shown by running it
            kept.append(cell)
            continue
        if is_answer or cell.mark == "fixed" or is_test(cell.source) or names.may_bind & wanted:
            kept.append(cell)
            wanted |= {*names.reads, *names.later}
    return kept[::-1]


def _outputs(notebook: Path, sources: Sequence[str], cell_s: int) -> list[list[NotebookNode]]:
    """What each cell put out in a fresh kernel; nothing for those that did not run because the kernel died."""
    made = new_notebook(cells=[new_code_cell(source) for source in sources])
    client = NotebookClient(
        made,
        timeout=cell_s,
        startup_timeout=START_S,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],  # what it warns of is not the student's business
        resources={"metadata": {"path": str(notebook.resolve().parent)}},
    )
    try:
        client.execute(env=os.environ | {"NBGRADER_EXECUTION": "autograde", "MPLBACKEND": "agg"})
    except NoSuchKernel:
        raise CourseError("there is no Python kernel: pip install ipykernel, then try again") from None
    except (DeadKernelError, CellTimeoutError):
        pass  # the cells that ran say how far it came
    return [list(cell.outputs) for cell in made.cells]


def _progress(
    plan: Plan, untouched: frozenset[str], sources: Sequence[str], outputs: Sequence[Sequence[NotebookNode]]
) -> Progress:
    reports: dict[str, CellReport] = {}
    stopped: dict[str, str] = {}
    why = ""
    for source, shown in zip(sources, outputs, strict=True):
        error = next((output for output in shown if output.output_type == "error"), None)
        if error is not None:
            why = _said(error, source)
        if name := exercise_of(source):
            found = [output.data[MIMETYPE] for output in shown if MIMETYPE in output.get("data", {})]
            if found:
                reports[name] = report_of(found[-1])
            if why or not found:
                stopped[name] = why or "its test did not come to an end"
            why = ""
    return Progress(plan, reports, stopped, untouched)


def _said(error: NotebookNode, source: str) -> str:
    """An error in one line; empty for that of a blank, of which the checks tell."""
    if error.ename == "KeyboardInterrupt":
        return "stopped: it takes too long; is there a loop without an end?"
    first = harmless(str(error.evalue)).strip().partition("\n")[0]
    if is_unfilled_text(error.ename, first):
        return ""
    lines = source.splitlines()
    if error.ename.endswith(("SyntaxError", "IndentationError", "TabError")) and (found := _IN_LINE.match(first)):
        text = harmless(lines[number - 1].strip()) if 0 < (number := int(found["line"])) <= len(lines) else ""
        first = f"{found['what']}, line {number}: {text}"
    return f"its cell stops with {error.ename}: {first}" if first else f"its cell stops with {error.ename}"
