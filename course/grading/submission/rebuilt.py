"""The cells of a rebuilt notebook: valid ids, the course's metadata, pictures, no outputs."""

import hashlib
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from nbformat import NotebookNode, from_dict

from course.grading.submission.entries import Entries
from course.grading.submission.matching import CourseCell
from course.grading.submission.parsing import ParsedCell
from course.grading.submission.pictures import Attachments, size_of, with_pictures

MAX_PICTURES = 50 * 2**20  # bytes of all that is attached
_ID = re.compile(r"[a-zA-Z0-9\-_]{1,64}")


def notebook_cells(entries: Entries, pictures: Attachments) -> Iterator[NotebookNode]:
    """The entries as notebook cells without outputs, with ids that are valid and different."""
    taken = {id for entry in entries.list if entry.known for id in [_known_id(entry.known)]}
    lost, room = 0, MAX_PICTURES
    for entry in entries.list:
        known, cell = entry.known, entry.cell
        node: dict[str, object] = {"cell_type": known.cell_type if known else cell.cell_type, "metadata": {}}
        is_students = known is None or known.role == "answer"
        node["source"] = cell.source if is_students else known.source if known else ""
        if known:
            node |= {"id": _known_id(known), "metadata": known.metadata}
        else:
            node["id"] = _own_id(cell, taken)
        if node["cell_type"] == "code":
            node |= {"execution_count": None, "outputs": []}
        elif node["cell_type"] == "markdown":
            text, kept, missing = with_pictures(str(node["source"]), cell.attachments or {}, pictures, room)
            room -= size_of(kept)
            lost += missing if is_students else 0
            node |= {"source": text} if is_students else {}
            node |= {"attachments": kept} if kept else {}
        yield from_dict(node)
    if lost:
        entries.notes.append(f"{lost} picture{'s are' if lost > 1 else ' is'} missing from the file: shown by its name")


def attached(notebook: NotebookNode | None) -> dict[str, dict[str, Any]]:
    """The pictures in the course's own cells."""
    cells = notebook.cells if notebook is not None else []
    return {name: dict(files) for cell in cells for name, files in cell.get("attachments", {}).items() if files}


def _known_id(known: CourseCell) -> str:
    return next((id for id in known.ids if _ID.fullmatch(id)), f"cell-{known.index}")


def _own_id(cell: ParsedCell, taken: set[str]) -> str:
    """The student's own cell keeps its id if it can; else it gets one made of its text."""
    digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
    made = (f"own-{digest}-{number}" for number in range(len(taken) + 1))
    chosen = next(id for id in chain(cell.ids, made) if _ID.fullmatch(id) and id not in taken)
    taken.add(chosen)
    return chosen
