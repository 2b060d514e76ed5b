"""How each test of a lesson is graded, and which demonstrations are left out: what grades what, and why."""

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table

from course.grading.calibration import ways
from course.grading.plan.exam import Exam
from course.report.screen import wide_console

_LONGEST = 50  # characters of a demonstration's first line


def print_ways(exams: Iterable[Exam], console: Console | None = None) -> None:
    """Print a row for each test of these notebooks, and one for each demonstration where they may be left out."""
    tests = _table("notebook", "test", "graded", "why")
    demonstrations = _table("notebook", "demonstration", "to grade", "why")
    for exam in exams:
        for cell in ways(exam):
            tests.add_row(exam.name, cell.grade_id, cell.way, cell.reason)
        found = exam.leaving(exam.source)
        for place in sorted({*found.left_out, *found.reasons}):
            reason = found.reasons.get(place, "")
            name = f"cell {place + 1}: {_first_line(exam.source.cells[place].source)}"
            demonstrations.add_row(exam.name, name, "runs" if reason else "left out", reason)
    console = console or wide_console()
    for table in (tests, demonstrations):
        if table.row_count:
            console.print(table)


def _table(*names: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, no_wrap=name != "why", overflow="fold")
    return table


def _first_line(source: str) -> str:
    """The first line of a cell that says something, as far as there is room."""
    lines = [line.strip() for line in source.split("\n") if line.strip() and not line.lstrip().startswith(("%", "#"))]
    line = lines[0] if lines else ""
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
