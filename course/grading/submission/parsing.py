"""Read what a student handed in, however it was saved, into plain cells.

It trusts nothing: any bytes give cells, or `Unreadable` with the reason. Every piece of metadata is left behind but the
ids by which a cell can be known again.
"""

import base64
import json
import re
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from course.errors import CourseError
from course.grading.submission import loosejson, scripts
from course.grading.submission.sourcetext import text_of, whole, with_plain_ends

CellType = Literal["code", "markdown", "raw"]
Mark = Literal["", "answer", "test", "fixed"]
MAX_BYTES = 100 * 2**20
MAX_CELLS = 1000  # beside three times those of the course: one deck may make more than a thousand
MAX_TEXT = 5_000_000  # characters of source in all cells together
MAX_PARTS = {"{[": 3_000_000, '"': 10_000_000, ",": 15_000_000}  # signs of JSON in a file, each of which takes memory
MAX_LAYERS = 3  # of other JSON around a notebook
MAX_LOOKED_INTO = 10_000  # values of other JSON
MAX_SECONDS = 60.0  # of processor time, for one notebook from its bytes to its repair
ASK_AGAIN = "Ask for it to be handed in again."
_LIST = re.compile(r"\[[ \t\r\n]*+\{")
_CELLS = re.compile(
    _LIST.pattern + r'[ \t\r\n]*+"(?:cell_type|source|id|metadata|execution_count|outputs|attachments)"'
)
_OTHER_FILES = {b"%PDF": "a PDF file", b"PK\x03\x04": "a zip file", b"\x1f\x8b": "a gzip file", b"\x89PNG": "a picture"}
_OTHER_FILES |= {b"Rar!": "a RAR file", b"7z\xbc\xaf": "a 7z file", b"\xd0\xcf\x11\xe0": "an Office file"}
_OTHER_FILES |= {b"\xff\xd8\xff": "a picture", b"{\\rtf": "a word-processor document", b"SQLite": "a database"}


class Unreadable(CourseError):
    """A hand-in in which no notebook can be found; the message says why."""


class Clock:
    """The processor time that one hand-in has for being read and repaired."""

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self._seconds = seconds
        self._end = time.thread_time() + seconds

    def check(self) -> None:
        """Raise Unreadable when the time is up."""
        if time.thread_time() > self._end:
            raise Unreadable(f"the notebook took more than {self._seconds:.0f} s to be read and repaired. {ASK_AGAIN}")


@dataclass(frozen=True)
class ParsedCell:
    """One cell as handed in: its text, and what may tell which cell of the course it is."""

    cell_type: CellType
    source: str
    grade_id: str = ""
    ids: tuple[str, ...] = ()
    attachments: dict[str, dict[str, Any]] | None = None
    mark: Mark = ""  # what its nbgrader metadata calls it
    outputs: Sequence[object] = ()  # what it showed, as it stands in the file

    @property
    def text(self) -> str:
        """The source without blank margins, for comparison."""
        return self.source.strip()


@dataclass(frozen=True)
class LooseNotebook:
    """The cells of a hand-in, with notes about the file itself."""

    cells: tuple[ParsedCell, ...]
    notes: tuple[str, ...]


def read(raw: bytes, expected: int | None = None, clock: Clock | None = None) -> LooseNotebook:
    """The cells in the bytes of a notebook file that should have `expected`; Unreadable for none where there should be
    some, or far too many.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(
            f"the file has {len(raw) / 2**20:.0f} MB, more than the {MAX_BYTES / 2**20:.0f} MB that are read"
        )
    clock = clock or Clock()
    notes: list[str] = []
    text = _decoded(raw, notes).lstrip("\ufeff\0 \t\r\n")
    limit = MAX_CELLS + 3 * (expected or 0)
    if scripts.is_script(text):
        found, kind = scripts.cells_of(with_plain_ends(text), limit)
        notes.append(f"the file is not a notebook but {kind}: its cells are taken from it")
        cells = tuple(ParsedCell(cast(CellType, cell_type), source) for cell_type, source in found)
    else:
        cells = _cells(_cell_data(_parsed(raw, text, limit, notes, clock), limit, notes), notes, clock)
    if not cells and expected != 0:
        raise Unreadable(f"the notebook has no cells. {ASK_AGAIN}")
    _refuse_beyond(len(cells), limit)
    if sum(len(cell.source) for cell in cells) > MAX_TEXT:
        raise Unreadable(f"the notebook's cells hold more than the {MAX_TEXT} characters that are read")
    return LooseNotebook(cells, tuple(notes))


def _decoded(raw: bytes, notes: list[str]) -> str:
    encoding = json.detect_encoding(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return _nearly(raw, encoding, notes)
    if encoding not in ("utf-8", "utf-8-sig"):
        notes.append(f"the file was saved as {encoding.upper()} instead of UTF-8")
    return text


def _nearly(raw: bytes, encoding: str, notes: list[str]) -> str:
    """Text in which some bytes are wrong: UTF-8 with a broken letter, or letters as an old Windows wrote them."""
    text = raw.decode(encoding, "replace")
    broken = text.count("\ufffd")
    if not encoding.startswith("utf-8") or 2 * broken < sum(1 for letter in text if letter > "\x7f"):
        notes.append(f"{broken} letters of the file are broken: each reads as \ufffd")
        return text
    notes.append("the file is not UTF-8: read as Latin-1, some letters may be wrong")
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _parsed(
    raw: bytes, text: str, limit: int, notes: list[str], clock: Clock, layers: int = MAX_LAYERS
) -> loosejson.Loose:
    for signs, most in MAX_PARTS.items():
        if sum(text.count(sign) for sign in signs) > most:
            raise Unreadable(f"the file is made of more than {most} small pieces, far more than any notebook")
    if text.startswith('"'):
        text = _unpacked(text, notes)
    if _LIST.match(text):
        is_cells = bool(_CELLS.match(text))
        notes += ["the file is a list of cells with no notebook around it: read as one"] if is_cells else []
        text = f'{{"{"cells" if is_cells else "list"}": {text.rstrip()}' + ("}" if text.rstrip().endswith("]") else "")
    if not text.startswith("{"):
        raise Unreadable(f"the file is not a notebook: {_why(raw, text, None)}. {ASK_AGAIN}")

    def on_cell(count: int) -> None:
        clock.check()
        _refuse_beyond(count, limit)

    found = loosejson.read(text, on_cell)
    usable = bool(found.cells) or _has_cells(found.top)
    if not usable and layers and (inner := _within(found.top)) is not None:
        notes.append("the notebook lies in other JSON, as a server sends it: taken out")
        if isinstance(inner, str):
            return _parsed(raw, inner, limit, notes, clock, layers - 1)
        return loosejson.Loose(inner, inner.get("cells"))
    if found.error is not None and (not usable or _is_merge(text)):
        raise Unreadable(f"the file is not a notebook: {_why(raw, text, found.error)}. {ASK_AGAIN}")
    notes += _damage(found)
    return found


def _refuse_beyond(count: int, most: int) -> None:
    if count > most:
        raise Unreadable(f"the notebook has {count} or more cells, more than the {most} that are read")


def _unpacked(text: str, notes: list[str]) -> str:
    """A notebook that was written as one JSON string."""
    try:
        inner, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except ValueError:
        return text
    notes.append("the notebook was saved as a JSON string: unpacked")
    return whole(str(inner)).lstrip("\ufeff\0 \t\r\n")


def _has_cells(data: Mapping[str, Any]) -> bool:
    """Whether an object is a notebook of any format."""
    return isinstance(data.get("cells"), list | dict) or isinstance(data.get("worksheets"), list)


def _within(data: dict[str, Any]) -> dict[str, Any] | str | None:
    """The notebook that an object holds, or the text of one: what is around it is a server's or another program's."""
    waiting: deque[Any] = deque(data.values())
    for _ in range(MAX_LOOKED_INTO):
        if not waiting:
            break
        value = waiting.popleft()
        if isinstance(value, dict):
            if _has_cells(value):
                return value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and (text := _plain(value)).startswith("{") and '"cells"' in text:
            return text
    return None


def _plain(text: str) -> str:
    """A text, also one that was written in base64."""
    text = text.lstrip()
    if not text.startswith("e"):  # as a brace is written
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except ValueError:
        return text


def _damage(found: loosejson.Loose) -> list[str]:
    notes = []
    if found.was_mended:
        notes.append("the file has commas where JSON allows none: ignored")
    if found.is_cut:
        count = len(found.cells or ())
        notes.append(
            f"the file breaks off in the middle: what stands before that, {count} cells, is graded. {ASK_AGAIN}"
        )
    elif found.lost:
        notes.append(f"cells of the file are damaged and cannot be read: left out. {ASK_AGAIN}")
    elif found.error is not None:
        notes.append("the file's JSON is broken after its cells, which are intact")
    if found.has_rest:
        notes.append("the file goes on after the notebook's end: the rest was left out")
    return notes


def _is_merge(text: str) -> bool:
    return "\n<<<<<<< " in text and "\n>>>>>>> " in text


def _why(raw: bytes, text: str, error: Exception | None) -> str:
    if not text:
        return "it is empty"
    if kind := next((kind for mark, kind in _OTHER_FILES.items() if raw.startswith(mark)), ""):
        return f"it is {kind}"
    if _is_merge(text):
        return "it holds the conflict marks of a failed merge"
    if text.startswith("version https://git-lfs"):
        return "it is a pointer to a file in Git's large file storage, not the file"
    if text.startswith("<"):
        return "it is a web page"
    if text.startswith("["):
        return "it is not a list of cells"
    if not text.startswith("{"):
        return "it is not JSON"
    if error is not None and not isinstance(error, json.JSONDecodeError):
        return f"its JSON cannot be read ({type(error).__name__})"
    if error is None or error.pos >= len(text.rstrip()) or not text.rstrip().endswith("}"):
        return "it ends in the middle, as after a broken upload"
    return f"its JSON is broken at line {error.lineno}"


def _cell_data(found: loosejson.Loose, limit: int, notes: list[str]) -> list[dict[str, Any]]:
    """The cells of any format: 4 has them in the notebook, 3 in worksheets."""
    sheets, cells_by_name = found.top.get("worksheets"), found.top.get("cells")
    if found.cells is not None:
        listed = found.cells
    elif isinstance(cells_by_name, dict):  # a list as some languages write it
        listed = list(cells_by_name.values())
    elif isinstance(sheets, list):
        notes.append("the notebook is in the old format 3")
        listed = [cell for sheet in sheets if isinstance(sheet, dict) for cell in _listed(sheet.get("cells"))]
    else:
        raise Unreadable(f"the file is JSON, but not a notebook: it has no list of cells. {ASK_AGAIN}")
    _refuse_beyond(len(listed), limit)
    cells = [cell for cell in listed if isinstance(cell, dict)]
    if len(cells) < len(listed):
        notes.append(f"{len(listed) - len(cells)} entries among the cells are not cells: left out")
    return cells


def _cells(data: list[dict[str, Any]], notes: list[str], clock: Clock) -> tuple[ParsedCell, ...]:
    cells: list[ParsedCell] = []
    mended: dict[str, int] = {}
    for entry in data:
        clock.check()
        cell, done = _cell(entry)
        cells.append(cell)
        if done:
            mended[done] = mended.get(done, 0) + 1
    notes += [f"{done} in {count} cell{'s' if count > 1 else ''}" for done, count in mended.items()]
    return tuple(cells)


def _cell(data: dict[str, Any]) -> tuple[ParsedCell, str]:
    metadata = _mapped(data.get("metadata"))
    nbgrader = _mapped(metadata.get("nbgrader"))
    grade_id = nbgrader.get("grade_id")
    ids = (data.get("id"), metadata.get("id"))  # Colab keeps the id in the metadata
    kind = _cell_type(data)
    source, done = text_of(data.get("source", data.get("input")), is_code=kind == "code")
    cell = ParsedCell(
        cell_type=kind,
        source=source,
        grade_id=grade_id if isinstance(grade_id, str) else "",
        ids=tuple(dict.fromkeys(value for value in ids if isinstance(value, str) and value)),
        attachments=_attachments(data.get("attachments")),
        mark=_mark(nbgrader),
        outputs=_listed(data.get("outputs")),
    )
    if data.get("cell_type") == "heading":
        level = data.get("level")
        return replace(cell, source="#" * (level if level in (1, 2, 3, 4, 5, 6) else 1) + " " + cell.source), done
    return cell, done


def _cell_type(data: dict[str, Any]) -> CellType:
    kind = data.get("cell_type")
    if kind in ("code", "markdown", "raw"):
        return cast(CellType, kind)
    return "code" if "outputs" in data or "input" in data else "markdown"


def _mark(nbgrader: dict[Any, Any]) -> Mark:
    if nbgrader.get("solution") is True:
        return "answer"
    if nbgrader.get("grade") is True:
        return "test"
    return "fixed" if nbgrader.get("locked") is True else ""


def _attachments(value: object) -> dict[str, dict[str, Any]] | None:
    """Pictures in a written answer, as far as they are well formed."""
    kept = {
        text_of(name)[0]: {
            text_of(kind)[0]: text_of(content)[0] for kind, content in files.items() if isinstance(content, str | list)
        }
        for name, files in _mapped(value).items()
        if isinstance(files, dict)
    }
    return {name: files for name, files in kept.items() if files} or None


def _mapped(value: object) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
