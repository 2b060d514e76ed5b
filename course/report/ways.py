"""How each test of a lesson is graded: apart from the student's code, or together with it, and why."""

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table

from course.grading.calibration import ways
from course.grading.plan.exam import Exam
from course.report.screen import wide_console


def print_ways(exams: Iterable[Exam], console: Console | None = None) -> None:
    """Print a row for each test of these notebooks."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in ("notebook", "test", "graded", "why"):
        table.add_column(name, no_wrap=name != "why", overflow="fold")
    for exam in exams:
        for cell in ways(exam):
            table.add_row(exam.name, cell.grade_id, cell.way, cell.reason)
    (console or wide_console()).print(table)
