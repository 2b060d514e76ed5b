"""Tell which cell of a hand-in is which cell of the course: by grade_id, else by cell id, place and text."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, is_grade, is_locked, is_solution, is_task

from course.grading.submission.code import rough_names
from course.grading.submission.parsing import CellType, ParsedCell

Role = Literal["answer", "test", "fixed", "prose"]
MAX_PAIRS = 60_000  # cells compared with cells; above it, only grade_id and id count
MAX_WORDS = 300  # of one cell, taken for comparison
_WORD = re.compile(r"\w+|[^\w\s]")
_SURE, _SAME_ID, _SAME_TEXT, _SAME_NAME, _ANY = 100.0, 20.0, 3.0, 1.0, 0.1
_ALIKE = 0.6


@dataclass(frozen=True)
class CourseCell:
    """One cell of the source notebook; `released` is its text as the student got it."""

    index: int
    role: Role
    grade_id: str
    cell_type: CellType
    source: str
    released: str
    ids: tuple[str, ...]
    metadata: dict[str, Any]

    @cached_property
    def texts(self) -> frozenset[str]:
        """The texts by which the cell is known again word for word."""
        return frozenset(text for text in (self.source.strip(), self.released.strip()) if text)

    @cached_property
    def words(self) -> Counter[str]:
        return words_in(self.released if self.role != "answer" else self.source)

    @cached_property
    def names(self) -> frozenset[str]:
        """What the cell defines, in the course's own answer or in its stub."""
        return rough_names(self.source) | rough_names(self.released)


def course_cells(source: NotebookNode, release: NotebookNode) -> tuple[CourseCell, ...]:
    """The cells of the source notebook with their released texts."""
    released = {_grade_id(cell): cell for cell in release.cells if _grade_id(cell)}
    prose = {cell.get("id"): cell for cell in release.cells if cell.get("id")}
    return tuple(
        _course_cell(index, cell, released.get(_grade_id(cell)) or prose.get(cell.get("id")))
        for index, cell in enumerate(source.cells)
    )


def words_in(text: str) -> Counter[str]:
    """How often each word and sign occurs in the beginning of a text."""
    return Counter(match.group() for match, _ in zip(_WORD.finditer(text), range(MAX_WORDS), strict=False))


def match(cells: Sequence[ParsedCell], course: Sequence[CourseCell]) -> dict[int, list[int]]:
    """For each course cell (by index) that the hand-in has: where, several times if it was copied or split."""
    kept = {cell.grade_id: cell for cell in course if cell.role != "prose"}
    found: dict[int, list[int]] = {}
    for place, cell in enumerate(cells):
        if cell.grade_id in kept:
            found.setdefault(kept[cell.grade_id].index, []).append(place)
    merged = _merged(cells, course, found)
    missing = [cell for cell in kept.values() if cell.index not in found and cell.index not in merged]
    free = [place for place, cell in enumerate(cells) if cell.grade_id not in kept]
    if missing and free:
        found |= _recognised(cells, course, found, missing, free)
    return found


def _merged(
    cells: Sequence[ParsedCell], course: Sequence[CourseCell], found: Mapping[int, list[int]]
) -> frozenset[int]:
    """The answers that are no cell of their own since another cell of the course holds them too."""
    extra = [
        rough_names(cells[place].source) - course[index].names for index, places in found.items() for place in places
    ]
    stubs = {
        cell.index: rough_names(cell.released) for cell in course if cell.role == "answer" and cell.index not in found
    }
    return frozenset(index for index, names in stubs.items() if names and any(names <= more for more in extra))


def _recognised(
    cells: Sequence[ParsedCell],
    course: Sequence[CourseCell],
    found: Mapping[int, list[int]],
    missing: Sequence[CourseCell],
    free: Sequence[int],
) -> dict[int, list[int]]:
    """Where the missing cells are, among cells without a grade_id: in the course's order, else anywhere."""
    scores = _Scores(cells, course, found, set(free))
    pairs = _aligned(scores, len(course), len(cells)) if len(course) * len(cells) <= MAX_PAIRS else {}
    taken = {place for index, place in pairs.items() if index not in found}
    wanted = {cell.index for cell in missing}
    result = {index: [place] for index, place in pairs.items() if index in wanted}
    rest = [cell for cell in missing if cell.index not in result]
    ranked = sorted(
        (-scores(cell.index, place), cell.index, place) for cell in rest for place in free if place not in taken
    )
    for score, index, place in ranked if len(rest) * len(free) <= MAX_PAIRS else ():
        if -score >= _ALIKE and index not in result and place not in taken:
            result[index] = [place]
            taken.add(place)
    return result


class _Scores:
    """How well a course cell and a cell of the hand-in go together; 0 when they do not."""

    def __init__(
        self,
        cells: Sequence[ParsedCell],
        course: Sequence[CourseCell],
        found: Mapping[int, list[int]],
        free: set[int],
    ) -> None:
        self._cells, self._course, self._found, self._free = cells, course, found, free
        self._words = [words_in(cell.source) for cell in cells]
        self._names = [rough_names(cell.source) for cell in cells]
        self._answers = frozenset(name for known in course if known.role == "answer" for name in known.names)
        self._bound = frozenset(name for place in free for name in self._names[place])

    def __call__(self, index: int, place: int) -> float:
        if index in self._found:
            return _SURE if place in self._found[index] else 0.0
        if place not in self._free:
            return 0.0
        known, cell = self._course[index], self._cells[place]
        score = self._likeness(known, place) + (_SAME_ID if set(known.ids) & set(cell.ids) else 0.0)
        return score if known.cell_type == cell.cell_type else score / 2

    def _likeness(self, known: CourseCell, place: int) -> float:
        if self._cells[place].text in known.texts:
            return _SAME_TEXT
        alike = _dice(known.words, self._words[place])
        if known.role != "answer":
            return alike if alike >= _ALIKE else 0.0
        if known.names & self._names[place]:
            return _SAME_NAME + alike
        if self._answers & self._names[place]:  # another answer, whatever its place
            return 0.0
        if alike >= _ALIKE:
            return alike
        cell = self._cells[place]
        is_part = cell.source[:1].isspace()  # of an answer that was split: no answer by itself
        is_elsewhere = bool(known.names & self._bound)
        return _ANY if known.cell_type == cell.cell_type and not is_part and not is_elsewhere else 0.0


def _aligned(scores: _Scores, rows: int, columns: int) -> dict[int, int]:
    """The pairs in rising order of both sides whose scores add up highest."""
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows):
        for column in range(columns):
            score = scores(row, column)
            paired = best[row][column] + score if score else 0.0
            best[row + 1][column + 1] = max(paired, best[row][column + 1], best[row + 1][column])
    pairs: dict[int, int] = {}
    row, column = rows, columns
    while row and column:
        if best[row][column] == best[row - 1][column]:
            row -= 1
        elif best[row][column] == best[row][column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            pairs[row] = column
    return pairs


def _dice(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that two texts have in common, 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _course_cell(index: int, cell: NotebookNode, released: NotebookNode | None) -> CourseCell:
    stub = cell if released is None else released
    role = _role(cell)
    metadata = {key: value for key, value in stub.metadata.items() if key != "nbgrader"}
    if role != "prose":
        metadata["nbgrader"] = _nbgrader(cell, stub, role)
    return CourseCell(
        index=index,
        role=role,
        grade_id=_grade_id(cell) if role != "prose" else "",
        cell_type=cell.cell_type,
        source=cell.source,
        released=stub.source,
        ids=tuple(dict.fromkeys(part.id for part in (cell, stub) if part.get("id"))),
        metadata=metadata,
    )


def _role(cell: NotebookNode) -> Role:
    if not _grade_id(cell):
        return "prose"
    if is_solution(cell) or (is_task(cell) and not is_locked(cell)):
        return "answer"
    if is_grade(cell):
        return "test"
    return "fixed" if is_locked(cell) or is_task(cell) else "prose"


def _nbgrader(cell: NotebookNode, stub: NotebookNode, role: Role) -> dict[str, Any]:
    """The cell's nbgrader metadata in the schema in force (3), whatever version the source has."""
    old = cell.metadata["nbgrader"]
    new: dict[str, Any] = {"schema_version": 3, "grade_id": old["grade_id"], "cell_type": cell.cell_type}
    new |= {flag: bool(old.get(flag, False)) for flag in ("grade", "locked", "solution", "task")}
    if new["grade"] or new["task"]:
        new["points"] = _points(old.get("points"))
    text = stub.source if role == "answer" else cell.source
    new["checksum"] = compute_checksum(
        NotebookNode(cell_type=cell.cell_type, source=text, metadata=NotebookNode(nbgrader=NotebookNode(new)))
    )
    return new


def _points(value: object) -> float:
    try:
        points = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 0.0
    if not points > 0:
        return 0.0
    return int(points) if points.is_integer() else points


def _grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or "")
