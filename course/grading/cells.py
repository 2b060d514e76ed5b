"""What a cell is, by nbgrader's marks: one answer for the whole engine."""

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, is_grade, is_solution, is_task


def is_test(cell: NotebookNode) -> bool:
    """Whether a cell is an autograded test, whose points come from its outputs: graded, and no answer."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def is_as_released(cell: NotebookNode) -> bool:
    """Whether an answer still has the text that students got; a task has none, so it never does."""
    return not is_task(cell) and cell.metadata["nbgrader"].get("checksum") == compute_checksum(cell)
