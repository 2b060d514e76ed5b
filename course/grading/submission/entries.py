"""The cells of a notebook in the making, and where among them a cell of the course belongs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from course.grading.submission.code import Reader
from course.grading.submission.matching import CourseCell
from course.grading.submission.parsing import ParsedCell

ELSEWHERE = "# answered in another cell of this notebook"


@dataclass(eq=False)
class Entry:
    """One cell of the notebook in the making; `known` is None for a cell of the student's own."""

    cell: ParsedCell
    known: CourseCell | None = None

    def is_role(self, *roles: str) -> bool:
        return self.known is not None and self.known.role in roles

    @property
    def index(self) -> int:
        assert self.known is not None
        return self.known.index


class Entries:
    """The cells in their order, with the questions that repairing asks of them."""

    def __init__(self, course: Sequence[CourseCell], cells: Sequence[ParsedCell], code: Reader) -> None:
        self.all = course
        self.course = [cell for cell in course if cell.role != "prose"]
        self.list = [Entry(cell) for cell in cells]
        self.code = code
        self.notes: list[str] = []

    def find(self, known: CourseCell) -> Entry | None:
        return next((entry for entry in self.list if entry.known is known), None)

    def at(self, known: CourseCell) -> int:
        return next(place for place, entry in enumerate(self.list) if entry.known is known)

    def remove(self, entries: Iterable[Entry]) -> None:
        if gone := set(map(id, entries)):
            self.list = [entry for entry in self.list if id(entry) not in gone]

    def answers_before(self, index: int) -> list[CourseCell]:
        """The answers that the test at `index` follows in the source: back to the test before them."""
        answers: list[CourseCell] = []
        for known in reversed([cell for cell in self.course if cell.index < index]):
            if known.role == "answer":
                answers.append(known)
            elif known.role == "test" and answers:
                break
        return answers

    def is_blank(self, entry: Entry) -> bool:
        """Whether an answer is as it was released."""
        return entry.known is not None and self.is_blank_cell(entry.cell, entry.known)

    def is_blank_cell(self, cell: ParsedCell, known: CourseCell) -> bool:
        """Whether a cell is an answer as it was released, but for comments, spaces and tests merged with it."""
        if cell.text == known.released.strip():
            return True
        if cell.text == ELSEWHERE or not cell.cell_type == known.cell_type == "code" or known.source.startswith("%%"):
            return False
        if not self.code.parses(cell.source) or not self.code.parses(known.released):
            return False
        pieces = {piece.tree for piece in self.code.pieces(cell.source)}
        return pieces <= {piece.tree for piece in self.code.pieces(known.released)} | self._tests | {""}

    @cached_property
    def _tests(self) -> set[str]:
        """The statements of the tests as they were released."""
        tests = [cell.released for cell in self.course if cell.role == "test" and cell.cell_type == "code"]
        return {piece.tree for text in tests for piece in self.code.pieces(text)}

    def insert(self, entry: Entry) -> None:
        """Put a cell where the source has it: a test at the end of its stretch, others at the beginning of theirs."""
        before, after = self._anchors(entry.index)
        if entry.is_role("test"):
            place = self._place_of_test(entry.index, before, after)
        elif before is not None:
            place = before + 1
        else:
            place = after or 0
        self.list.insert(place, entry)

    def rebound(self, index: int, since: int, until: int) -> int | None:
        """The first own cell in between that gives another value to a name of the answer to the test at `index`."""
        defined = {
            name
            for known in self.answers_before(index)
            if known.cell_type == "code" and (answer := self.find(known))
            for piece in self.code.pieces(answer.cell.source)
            for name in (piece.defines | piece.imports) & known.names
        }
        for place in range(since, until):
            entry = self.list[place]
            if entry.known is None and entry.cell.cell_type == "code":
                pieces = self.code.pieces(entry.cell.source)
                if any((piece.assigns | piece.imports) & defined for piece in pieces):
                    return place
        return None

    def _place_of_test(self, index: int, before: int | None, after: int | None) -> int:
        earliest = max((self.at(answer) + 1 for answer in self.answers_before(index)), default=0)
        place = after if after is not None else len(self.list)
        if place < max(earliest, 0 if before is None else before + 1):
            place = earliest or (0 if before is None else before + 1)
        rebound = self.rebound(index, earliest, place) if earliest else None
        return place if rebound is None else rebound

    def _anchors(self, index: int) -> tuple[int | None, int | None]:
        """Where the nearest cells before and after the source's cell `index` stand that the hand-in has."""
        places = self._places()
        before = next((places[i] for i in range(index - 1, -1, -1) if i in places), None)
        after = next((places[i] for i in range(index + 1, len(self.all)) if i in places), None)
        return before, after

    def _places(self) -> dict[int, int]:
        """Where each course cell stands, prose as well, as far as it is word for word as released."""
        places: dict[int, int] = {}
        own = {text: cell.index for cell in reversed(self.all) if cell.role == "prose" for text in cell.texts}
        for place, entry in enumerate(self.list):
            index = entry.known.index if entry.known else own.get(entry.cell.text)
            if index is not None:
                places.setdefault(index, place)
        return places


def name(known: CourseCell | None) -> str:
    """How a note calls a cell of the course."""
    assert known is not None
    kind = {"answer": "answer", "test": "test", "fixed": "locked"}[known.role]
    return f"{kind} cell {known.grade_id!r}"
