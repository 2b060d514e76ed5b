"""Small notebooks for the tests of grading: a course's source, its release, and a student's answers."""

import json
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, ComputeChecksums

from course.folder import CourseFolder

CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'foreign'\nc.CourseDirectory.root = {root!r}\n"
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def code(source: str, **metadata: object) -> NotebookNode:
    """A code cell; keywords are its nbgrader metadata."""
    return _marked(new_code_cell(source.strip("\n")), metadata)


def markdown(source: str, **metadata: object) -> NotebookNode:
    """A markdown cell; keywords are its nbgrader metadata."""
    return _marked(new_markdown_cell(source.strip("\n")), metadata)


def answer(grade_id: str, source: str) -> NotebookNode:
    """An answer cell that tests grade."""
    return code(source, grade_id=grade_id, solution=True)


def graded(grade_id: str, source: str, points: float = 1) -> NotebookNode:
    """An autograded test cell."""
    return code(source, grade_id=grade_id, grade=True, locked=True, points=points)


def locked(grade_id: str, source: str) -> NotebookNode:
    """A read-only cell."""
    return code(source, grade_id=grade_id, locked=True)


def written(grade_id: str, source: str, points: float = 2) -> NotebookNode:
    """An answer in words, which a person grades."""
    return markdown(source, grade_id=grade_id, grade=True, solution=True, points=points)


def notebook(*cells: NotebookNode) -> NotebookNode:
    """A notebook whose cell ids follow from their place."""
    for place, cell in enumerate(cells):
        cell["id"] = cell.metadata.get("nbgrader", {}).get("grade_id") or f"prose-{place}"
    return new_notebook(cells=list(cells), metadata=from_dict(PYTHON))


def released(source: NotebookNode) -> NotebookNode:
    """The notebook as nbgrader gives it to students."""
    copy = from_dict(source)
    for step in (ClearSolutions, ClearHiddenTests, ComputeChecksums):
        copy, _ = step().preprocess(copy, {})
    return copy


def filled(release: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """The released notebook with a student's answers."""
    copy = from_dict(release)
    for cell in copy.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    return copy


def raw(node: NotebookNode) -> bytes:
    """The notebook as a file."""
    cells = [{**cell, "source": cell.source.splitlines(True)} for cell in node.cells]
    return json.dumps({**node, "cells": cells}).encode()


def make_course(root: Path, *, config: str = "", **notebooks: NotebookNode) -> CourseFolder:
    """A course folder of one lesson, ps1."""
    (root / "source/ps1").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG.format(root=str(root)) + config)
    for name, node in notebooks.items():
        write_source(root, node, name)
    return CourseFolder(root)


def write_source(root: Path, node: NotebookNode, name: str = "norms") -> None:
    nbformat.write(node, root / f"source/ps1/{name}.ipynb")


def _marked(cell: NotebookNode, metadata: Mapping[str, object]) -> NotebookNode:
    if metadata:
        flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        cell.metadata["nbgrader"] = from_dict(flags | metadata)
    return cell


def norms() -> NotebookNode:
    """The source of a lesson of three exercises, one of them in words."""
    return notebook(
        markdown("# Norms\n\nHow long is a vector?"),
        locked("setup_1", "import math"),
        code("print(math.sqrt(2))"),
        markdown("### Exercise: the norm\n\nRaise, add up, take the root."),
        answer(
            "norm",
            "def norm(x, p):\n    ### BEGIN SOLUTION\n    return sum(abs(v) ** p for v in x) ** (1 / p)\n"
            "    ### END SOLUTION",
        ),
        graded(
            "norm_tests",
            "assert norm([3, 4], 2) == 5\n### BEGIN HIDDEN TESTS\nassert norm([-3, 4], 1) == 7\n### END HIDDEN TESTS",
            points=3,
        ),
        markdown("### Exercise: the mean\n\nOne number for many."),
        locked("setup_2", "values = [1.0, 2.0, 6.0]"),
        answer("mean", "mean = sum(values) / len(values)\nspread = max(values) - min(values)"),
        graded("mean_tests", "assert mean == 3"),
        graded("spread_tests", "assert spread == 5", points=2),
        markdown("### Question\n\nWhy is the norm never negative?"),
        written("why", "Because magnitudes are not."),
        markdown("That was all."),
    )


NORM = "def norm(x, p):\n    total = sum(abs(v) ** p for v in x)\n    return total ** (1 / p)"
ANSWERS = {"norm": NORM, "mean": "mean = 3\nspread = 5", "why": "Nothing negative is added."}
