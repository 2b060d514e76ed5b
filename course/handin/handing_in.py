"""Handing in: which answers of a notebook will be graded, which are still blank, and a receipt for it.

Nothing is sent: the file goes to the class's platform by hand, and its receipt with it.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.handin import receipt
from course.handin.receipt import Receipt
from course.syntax import parsed

UNFILLED = ("____", "raise NotImplementedError()")  # what an answer in code holds until it is filled in
UNWRITTEN = "YOUR ANSWER HERE"
_AGAIN = "it may be damaged: take your last copy of it, or download it again"
HEADING = re.compile(r"^#+\s*Exercise:\s*(?P<title>.+?)\s*$", re.MULTILINE | re.IGNORECASE)  # of an exercise
_OF_IPYTHON = re.compile(r"^\s*[%!?]|=\s*[%!]|\?\s*$", re.MULTILINE)  # `%time`, `files = !ls`, `help?`
_MOST_LISTED = 8


@dataclass(frozen=True)
class HandIn:
    """A notebook that is ready: its receipt lies beside it."""

    notebook: Path
    receipt: Receipt
    blank: tuple[str, ...]
    broken: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """What to show the student."""
        answers, every = self.receipt.answers, self.receipt.answers + self.receipt.blanks
        yield f"{self.notebook.name}: {answers} of {every} answers are filled in"
        if self.blank:
            more = f" and {len(self.blank) - _MOST_LISTED} more" if len(self.blank) > _MOST_LISTED else ""
            yield f"blank or unfinished: {', '.join(self.blank[:_MOST_LISTED])}{more}"
        for one in self.broken:
            yield f"not Python, so it earns nothing as it is: {one}"
        if not answers:
            yield "Nothing is filled in: is this the file that you worked in?"
        yield f"receipt: {self.receipt.sha256[:16]}, {_local(self.receipt.time)}"
        yield f"Hand in {self.notebook.name} and {receipt.beside(self.notebook).name}, from {self.notebook.parent}"


def hand_in(notebook: Path, differs: Callable[[str], bool] = lambda source: False) -> HandIn:
    """Look at a notebook as saved, and write its receipt beside it.

    Args:
        differs: whether the text of an answer on disk is not the one that the student ran last.

    Raises:
        CourseError: the file cannot be read, holds no answers, or is older than what the student sees.
    """
    notebook = notebook.resolve()
    content = _content(notebook)
    cells = _cells(notebook, content)
    answers = [cell for cell in cells if _about(cell).get("solution") is True]
    if not answers:
        raise CourseError(f"{notebook} holds no answers: is it the notebook of a lesson?")
    if unsaved := [_name(cell) for cell in answers if differs(_text(cell))]:
        raise CourseError(
            f"{notebook.name} on disk is not what you see: you have changed {', '.join(unsaved)} since. "
            "Save the notebook, then hand in again"
        )
    titles = _titles(cells)
    blank = tuple(titles.get(_name(cell), _name(cell)) for cell in answers if _is_blank(cell))
    broken = tuple(titles.get(_name(cell), _name(cell)) + where for cell in answers if (where := _broken(cell)))
    made = receipt.make(content, answers=len(answers) - len(blank), blanks=len(blank))
    _write(receipt.beside(notebook), receipt.text_of(made))
    return HandIn(notebook, made, blank, broken)


def as_released(cells: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The answers that still have the text that students got, by name."""
    return {_name(cell): _text(cell) for cell in cells if _about(cell).get("solution") is True and _is_released(cell)}


def _content(notebook: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(notebook.read_bytes())
    except OSError as error:
        raise CourseError(f"{notebook}: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise CourseError(f"{notebook} is not a notebook: {_AGAIN}") from None
    if not isinstance(content, dict):
        raise CourseError(f"{notebook} is not a notebook: {_AGAIN}")
    return content


def _cells(notebook: Path, content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    cells = content.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise CourseError(f"{notebook} has no list of cells: {_AGAIN}")
    return cells


def _about(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """What nbgrader says of a cell."""
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return about if isinstance(about, dict) else {}


def _name(cell: Mapping[str, Any]) -> str:
    return str(_about(cell).get("grade_id", "?"))


def _text(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _titles(cells: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What the headings above them call the answers, by name; questions in words have none."""
    titles, title = {}, ""
    for cell in cells:
        if cell.get("cell_type") == "code" and _about(cell).get("solution") is True and title:
            titles[_name(cell)], title = title, ""
        elif cell.get("cell_type") != "code" and (found := HEADING.findall(_text(cell))):
            title = found[-1]
    return titles


def _broken(cell: Mapping[str, Any]) -> str:
    """Where an answer in code is not Python; empty where it is, is blank, or may have lines of IPython's."""
    if cell.get("cell_type") != "code" or _is_blank(cell) or _OF_IPYTHON.search(_text(cell)):
        return ""
    try:
        parsed(_text(cell))
    except SyntaxError as error:
        return f", line {error.lineno}"
    except (ValueError, RecursionError):
        return ", which is nested too deeply or holds a null character"
    return ""


def _local(time: str) -> str:
    """A receipt's time as the clock on the wall has it."""
    return datetime.fromisoformat(time).astimezone().isoformat(timespec="seconds")


def _is_blank(cell: Mapping[str, Any]) -> bool:
    text = _text(cell).strip()
    if _is_released(cell):
        return True  # such as a function with a mistake to find
    if cell.get("cell_type") == "code":
        return not text or any(mark in text for mark in UNFILLED)
    return text in ("", UNWRITTEN)


def _is_released(cell: Mapping[str, Any]) -> bool:
    """Whether a cell is as it was handed out, by nbgrader's checksum: nbgrader itself need not be installed here."""
    about = _about(cell)
    marks = [str(about.get(name) is True) for name in ("grade", "solution", "locked")]
    points = [str(float(about["points"]))] if about.get("grade") is True and _is_number(about.get("points")) else []
    parts = [_text(cell), str(cell.get("cell_type")), *marks, _name(cell), *points]
    text = "".join(parts).encode("utf-8", "surrogatepass")
    return about.get("checksum") == hashlib.md5(text, usedforsecurity=False).hexdigest()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and abs(value) < 1e300


def _write(target: Path, text: str) -> None:
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        fresh.write_text(text, "utf-8")
        os.replace(fresh, target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise CourseError(f"{target}: the receipt cannot be written: {error.strerror or error}") from None
