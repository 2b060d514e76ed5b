"""Read what a student handed in, however it was saved, into plain cells.

It trusts nothing: any bytes give cells, or `Unreadable` with the reason. What cells once printed is left behind, and so
is every piece of metadata but the ids by which a cell can be known again.
"""

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from course.errors import CourseError

CellType = Literal["code", "markdown", "raw"]
MAX_BYTES = 100 * 2**20
MAX_CELLS = 1000  # beside three times those of the course: one deck may make more than a thousand
MAX_TEXT = 5_000_000  # characters of source in all cells together
_AGAIN = "Ask for it to be handed in again."
_OTHER_FILES = {b"%PDF": "a PDF file", b"PK\x03\x04": "a zip file", b"\x1f\x8b": "a gzip file", b"\x89PNG": "a picture"}


class Unreadable(CourseError):
    """A hand-in in which no notebook can be found; the message says why."""


@dataclass(frozen=True)
class LooseCell:
    """One cell as handed in: its text, and what may tell which cell of the course it is."""

    cell_type: CellType
    source: str
    grade_id: str = ""
    ids: tuple[str, ...] = ()
    attachments: dict[str, dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """The source without blank margins, for comparison."""
        return self.source.strip()


@dataclass(frozen=True)
class LooseNotebook:
    """The cells of a hand-in, with notes about the file itself."""

    cells: tuple[LooseCell, ...]
    notes: tuple[str, ...]


def read(raw: bytes, expected: int = 0) -> LooseNotebook:
    """The cells in the bytes of a notebook file that should have ``expected``; Unreadable for none, or far too many."""
    if len(raw) > MAX_BYTES:
        raise Unreadable(
            f"the file has {len(raw) / 2**20:.0f} MB, more than the {MAX_BYTES / 2**20:.0f} MB that are read"
        )
    text, notes = _decoded(raw)
    notebook = _parsed(raw, text, notes)
    cells = tuple(_cell(data) for data in _cell_data(notebook, notes))
    if not cells:
        raise Unreadable(f"the notebook has no cells. {_AGAIN}")
    if len(cells) > (most := MAX_CELLS + 3 * expected):
        raise Unreadable(f"the notebook has {len(cells)} cells, more than the {most} that are read")
    if sum(len(cell.source) for cell in cells) > MAX_TEXT:
        raise Unreadable(f"the notebook's cells hold more than the {MAX_TEXT} characters that are read")
    return LooseNotebook(cells, tuple(notes))


def _decoded(raw: bytes) -> tuple[str, list[str]]:
    encoding = json.detect_encoding(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return raw.decode("latin-1"), ["the file is not UTF-8: read as Latin-1, some letters may be wrong"]
    plain = encoding in ("utf-8", "utf-8-sig")
    return text, [] if plain else [f"the file was saved as {encoding.upper()} instead of UTF-8"]


def _parsed(raw: bytes, text: str, notes: list[str]) -> dict[str, Any]:
    text = text.lstrip("\ufeff\0 \t\r\n")
    try:
        notebook, end = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the file is not a notebook: {_why(raw, text, error)}. {_AGAIN}") from None
    if not isinstance(notebook, dict):
        raise Unreadable(f"the file is JSON, but not a notebook. {_AGAIN}")
    if text[end:].strip(" \t\r\n\0"):
        notes.append("the file goes on after the notebook's end: the rest was left out")
    return notebook


def _why(raw: bytes, text: str, error: Exception) -> str:
    if not text:
        return "it is empty"
    if kind := next((kind for mark, kind in _OTHER_FILES.items() if raw.startswith(mark)), ""):
        return f"it is {kind}"
    if "\n<<<<<<< " in text and "\n>>>>>>> " in text:
        return "it holds the conflict marks of a failed merge"
    if text.startswith("<"):
        return "it is a web page"
    if not text.startswith("{"):
        return "it is not JSON"
    if not isinstance(error, json.JSONDecodeError):
        return f"its JSON cannot be read ({type(error).__name__})"
    if error.pos >= len(text.rstrip()) or not text.rstrip().endswith("}"):
        return "it ends in the middle, as after a broken upload"
    return f"its JSON is broken at line {error.lineno}"


def _cell_data(notebook: dict[str, Any], notes: list[str]) -> list[dict[str, Any]]:
    """The cells of any format: 4 has them in the notebook, 3 in worksheets."""
    if isinstance(notebook.get("worksheets"), list) and "cells" not in notebook:
        notes.append("the notebook is in the old format 3")
        sheets = [sheet for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        found = [cell for sheet in sheets for cell in _listed(sheet.get("cells"))]
    elif isinstance(notebook.get("cells"), list):
        found = notebook["cells"]
    else:
        raise Unreadable(f"the file is JSON, but not a notebook: it has no list of cells. {_AGAIN}")
    cells = [cell for cell in found if isinstance(cell, dict)]
    if len(cells) < len(found):
        notes.append(f"{len(found) - len(cells)} entries among the cells are no cells: left out")
    return cells


def _cell(data: dict[str, Any]) -> LooseCell:
    metadata = _mapped(data.get("metadata"))
    grade_id = _mapped(metadata.get("nbgrader")).get("grade_id")
    ids = (data.get("id"), metadata.get("id"))  # Colab keeps the id in the metadata
    cell = LooseCell(
        cell_type=_cell_type(data),
        source=_text(data.get("source", data.get("input"))),
        grade_id=grade_id if isinstance(grade_id, str) else "",
        ids=tuple(dict.fromkeys(value for value in ids if isinstance(value, str) and value)),
        attachments=_attachments(data.get("attachments")),
    )
    if data.get("cell_type") == "heading":
        level = data.get("level")
        return replace(cell, source="#" * (level if level in (1, 2, 3, 4, 5, 6) else 1) + " " + cell.source)
    return cell


def _cell_type(data: dict[str, Any]) -> CellType:
    kind = data.get("cell_type")
    if kind in ("code", "markdown", "raw"):
        return cast(CellType, kind)
    return "code" if "outputs" in data or "input" in data else "markdown"


def _text(value: object) -> str:
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    text = value if isinstance(value, str) else ""
    try:
        text.encode()
    except UnicodeEncodeError:  # JSON can spell half of a surrogate pair, which no file can hold
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return re.sub("\r+\n", "\n", text)


def _attachments(value: object) -> dict[str, dict[str, Any]] | None:
    """Pictures in a written answer, as far as they are well formed."""
    kept = {
        _text(name): {_text(kind): _text(content) for kind, content in files.items() if isinstance(content, str)}
        for name, files in _mapped(value).items()
        if isinstance(files, dict)
    }
    return kept or None


def _mapped(value: object) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
