"""What happens to notebooks between a student's screen and the grader: each function makes one kind of mess."""

import ast
import copy
import hashlib
import json
import textwrap

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from course.cloze.magic import as_python
from course.syntax import parsed


def deleted_test(notebook: NotebookNode, exercise: str) -> bytes:
    """The exercise's test cell is gone."""
    messed = copy.deepcopy(notebook)
    messed.cells = [cell for cell in messed.cells if _grade_id(cell) != f"{exercise}_tests"]
    return _saved(messed)


def duplicated(notebook: NotebookNode, exercise: str) -> bytes:
    """The answer stands there twice, both with nbgrader's metadata; the first try is wrong."""
    messed = copy.deepcopy(notebook)
    at = _place(messed, exercise)
    twin = copy.deepcopy(messed.cells[at])
    twin.id = f"{exercise}-copy"[:64]
    twin.source = "# first try, kept just in case\n" + _before_body(twin.source, "raise NotImplementedError")
    messed.cells.insert(at, twin)
    return _saved(messed)


def split(notebook: NotebookNode, exercise: str) -> bytes:
    """The answer is cut in the middle, as by a slip on Ctrl-Shift-Minus; both halves keep the metadata."""
    messed = copy.deepcopy(notebook)
    at = _place(messed, exercise)
    first, second = messed.cells[at], copy.deepcopy(messed.cells[at])
    lines = first.source.split("\n")
    middle = max(1, len(lines) // 2)
    first.source, second.source = "\n".join(lines[:middle]), "\n".join(lines[middle:])
    second.id = f"{exercise}-rest"[:64]
    messed.cells.insert(at + 1, second)
    return _saved(messed)


def stripped(notebook: NotebookNode, _: str) -> bytes:
    """Every cell has lost its metadata and got another id."""
    messed = copy.deepcopy(notebook)
    for number, cell in enumerate(messed.cells):
        cell.metadata = NotebookNode()
        cell.id = hashlib.sha256(f"{number}".encode()).hexdigest()[:8]
    return _saved(messed)


def colab(notebook: NotebookNode, _: str) -> bytes:
    """Saved by Colab: its own metadata, ids moved into the cells' metadata, an older minor format."""
    data = json.loads(nbformat.writes(notebook))
    for cell in data["cells"]:
        cell["metadata"] = {**cell["metadata"], "id": _letters(cell.pop("id"))}
        if cell["cell_type"] == "code":
            cell["metadata"] |= {"colab": {"base_uri": "https://localhost:8080/"}, "outputId": _letters(cell["source"])}
    data["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True, "gpuType": "T4"},
        "accelerator": "GPU",
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
    }
    return json.dumps({**data, "nbformat_minor": 0}).encode()


def crashing(notebook: NotebookNode, exercise: str) -> bytes:
    """A scratch cell of the student's raises an error half way through."""
    messed = copy.deepcopy(notebook)
    messed.cells.insert(
        _place(messed, exercise), new_code_cell('int("seven")  # why does this not work?', id="scratch")
    )
    return _saved(messed)


def endless(notebook: NotebookNode, exercise: str) -> bytes:
    """The answer never comes back."""
    return _saved(_edited(notebook, exercise, "while True: pass"))


def exiting(notebook: NotebookNode, exercise: str) -> bytes:
    """The answer takes the whole process down."""
    return _saved(_edited(notebook, exercise, "import os; os._exit(0)"))


def flooding(notebook: NotebookNode, exercise: str) -> bytes:
    """A debugging loop after the answer prints some ten megabytes."""
    messed = copy.deepcopy(notebook)
    cell = messed.cells[_place(messed, exercise)]
    cell.source += '\n\nfor step in range(200_000):\n    print("step", step, "is the loss still falling?", "." * 20)'
    return _saved(messed)


def truncated(notebook: NotebookNode, _: str) -> bytes:
    """The upload broke off."""
    raw = _saved(notebook)
    return raw[: len(raw) * 3 // 5]


def without_cells(notebook: NotebookNode, _: str) -> bytes:
    """A valid notebook with nothing in it."""
    return _saved(NotebookNode({**notebook, "cells": []}))


def empty(_: NotebookNode, __: str) -> bytes:
    """No bytes at all."""
    return b""


def _edited(notebook: NotebookNode, exercise: str, line: str) -> NotebookNode:
    messed = copy.deepcopy(notebook)
    cell = messed.cells[_place(messed, exercise)]
    cell.source = _before_body(cell.source, line)
    return messed


def _before_body(source: str, line: str) -> str:
    """The code with a line put first into its first function, or at its beginning when it defines none."""
    functions = [node for node in ast.walk(parsed(as_python(source))) if isinstance(node, ast.FunctionDef)]
    if not functions:
        return f"{line}\n{source}"
    body = functions[0].body[0]
    lines = source.split("\n")
    lines.insert(body.lineno - 1, textwrap.indent(line, " " * body.col_offset))
    return "\n".join(lines)


def _place(notebook: NotebookNode, grade_id: str) -> int:
    return next(place for place, cell in enumerate(notebook.cells) if _grade_id(cell) == grade_id)


def _grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _letters(seed: object) -> str:
    """An id in Colab's manner, the same for the same seed."""
    digest = hashlib.sha256(str(seed).encode()).digest()
    return "".join(chr(ord("A") + byte % 26 + 32 * (byte % 2)) for byte in digest[:12])


def _saved(notebook: NotebookNode) -> bytes:
    return nbformat.writes(notebook).encode()
