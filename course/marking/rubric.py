"""The questions that a person marks, and the rubric items that their mark schemes name, from the lesson's source."""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task

from course.errors import CourseError
from course.folder import CourseFolder, notebooks_of
from course.naming import line

_ITEM = re.compile(r"(?P<points>\d+(?:\.\d+)?) points?: *(?P<text>.+)", re.IGNORECASE)
_BULLET = re.compile(r"[-*] +(?P<text>.*)")
_MARKER = re.compile(r"^.*(?:BEGIN|END) (?:SOLUTION|MARK SCHEME).*$\n?", re.MULTILINE)
_LONGEST = 60  # characters of a title


@dataclass(frozen=True)
class Item:
    """One thing that an answer may hold, and the points that it is worth."""

    text: str
    points: float


@dataclass(frozen=True)
class Question:
    """One cell that a person marks; `notes` is what the mark scheme says besides its items, in Markdown."""

    notebook: str
    name: str
    title: str
    text: str
    points: float
    items: tuple[Item, ...]
    notes: str
    is_code: bool = False


def questions(folder: CourseFolder, lesson: str) -> tuple[Question, ...]:
    """The questions of a lesson in order; CourseError when it has none, or no source."""
    found = tuple(question for path in notebooks_of(folder, lesson) for question in _of(path))
    if not found:
        raise CourseError(f"{lesson} has no question that a person marks")
    return found


def scheme(text: str, points: float) -> tuple[tuple[Item, ...], str]:
    """The items of a mark scheme, and the rest of it; without lines `- 1 point: …` a full and a half answer."""
    items: list[Item] = []
    rest: list[str] = []
    for paragraph in _paragraphs(text):
        bullet = _BULLET.match(paragraph)
        found = _ITEM.fullmatch(bullet["text"]) if bullet else None
        if found:
            items.append(Item(found["text"], float(found["points"])))
        else:
            rest.append(paragraph)
    default = (Item("a full answer", points), Item("half an answer", points / 2))
    return tuple(items) or default, "\n".join(rest)


def _of(path: Path) -> list[Question]:
    notebook = nbformat.read(path, as_version=4)
    found: list[Question] = []
    above = ""
    for cell in notebook.cells:
        if is_task(cell) or (is_grade(cell) and is_solution(cell)):
            found.append(_question(path.stem, cell, above))
        elif cell.cell_type == "markdown":
            above = cell.source
    return found


def _question(notebook: str, cell: NotebookNode, above: str) -> Question:
    meta = cell.metadata["nbgrader"]
    points = float(meta.get("points") or 0)
    text, kept = above, cell.source
    if is_task(cell):  # it asks for itself, and only its scheme is the marker's
        text, _, kept = cell.source.partition("### BEGIN MARK SCHEME")
    items, notes = scheme(_MARKER.sub("", kept), points)
    if cell.cell_type == "code":
        items, notes = scheme("", points)[0], f"```python\n{_MARKER.sub('', cell.source).strip()}\n```"
    name = str(meta["grade_id"])
    return Question(notebook, name, _title(text) or name, text, points, items, notes, cell.cell_type == "code")


def _title(text: str) -> str:
    """What a question prints bold at its beginning, or its first line."""
    bold = re.match(r"\s*\*\*(.+?)\*\*", text)
    first = bold[1] if bold else next((row for row in text.splitlines() if row.strip()), "")
    return line(re.sub(r"[*`#$]", "", first).strip(" ."), longest=_LONGEST)


def _paragraphs(text: str) -> list[str]:
    """The bullets and paragraphs of a text, each in one line."""
    found: list[str] = []
    for row in text.splitlines():
        if not row.strip() or _BULLET.match(row) or not found or not found[-1]:
            found.append(row.strip())
        else:
            found[-1] = f"{found[-1]} {row.strip()}"
    return [paragraph for paragraph in found if paragraph]
