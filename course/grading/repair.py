"""Rebuild a hand-in so that it has the course's structure again, whatever editors and students did to it.

What comes out:

- every graded, locked and answer cell of the source once, with the source's type and metadata; locked cells and tests
  with the source's text, answers with the student's;
- the student's own cells where they were, among them what remains of copied and split answers: all of it still runs;
- the student's order, but for two rules: a test stands after the answers that it follows in the source, and a locked
  cell before what follows it there (unless that would lift it over an answer that it comes after).

Nothing is lost in silence: each change that may matter for a grade is a note.
"""

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_notebook

from course.cloze import magic
from course.grading.loose import LooseCell, Unreadable, read
from course.grading.matching import CourseCell, course_cells, match

__all__ = ["Repaired", "Unreadable", "repair"]
_ID = re.compile(r"[a-zA-Z0-9\-_]{1,64}")
_MAX_PARSED = 20_000  # characters


@dataclass(frozen=True)
class Repaired:
    """A notebook that matches its source, and what had to be done for it."""

    notebook: NotebookNode
    notes: tuple[str, ...]


@dataclass(eq=False)
class _Entry:
    """One cell of the notebook in the making; `known` is None for a cell of the student's own."""

    cell: LooseCell
    known: CourseCell | None = None

    def is_role(self, *roles: str) -> bool:
        return self.known is not None and self.known.role in roles


def repair(raw: bytes, source: NotebookNode, release: NotebookNode | None = None) -> Repaired:
    """The notebook in `raw`, rebuilt after `source`; Unreadable when no notebook can be found in it.

    Args:
        raw: the file as handed in.
        source: the instructor's notebook, with answers and hidden tests.
        release: the notebook as students got it; made from the source when it is None.
    """
    loose = read(raw, expected=len(source.cells))
    course = course_cells(source, release or _released(source))
    rebuilding = _Rebuilding(course, loose.cells)
    rebuilding.run()
    notebook = new_notebook(metadata=from_dict(dict(source.metadata)), cells=list(_cells(rebuilding.entries)))
    return Repaired(notebook, (*loose.notes, *rebuilding.notes))


class _Rebuilding:
    """The steps from the cells handed in to the cells of the rebuilt notebook."""

    def __init__(self, course: Sequence[CourseCell], cells: Sequence[LooseCell]) -> None:
        self.course = [cell for cell in course if cell.role != "prose"]
        self.all = course
        self.entries = [_Entry(cell) for cell in cells]
        self.notes: list[str] = []

    def run(self) -> None:
        """Find the course's cells, one of each; then the parts, the missing ones, and the order."""
        self._recognise()
        self._restore_clozes()
        self._join_parts()
        self._drop_stubs()
        for known in self.course:
            if self._find(known) is None:
                self._put_back(known)
        self._order()

    def _recognise(self) -> None:
        places = match([entry.cell for entry in self.entries], self.all)
        copies = {known.index: [self.entries[place] for place in places.get(known.index, ())] for known in self.course}
        if not any(copies.values()):
            self.notes.append("no cell of this lesson was recognised: is it the right notebook?")
        for known in self.course:
            if copies[known.index]:
                self._choose(known, copies[known.index])

    def _choose(self, known: CourseCell, copies: list[_Entry]) -> None:
        """Take one of the copies of a cell as the cell; of an answer, the last that was changed."""
        if known.role == "answer":
            chosen = self._choose_answer(known, copies)
        else:
            chosen = copies[0] if known.role == "fixed" else copies[-1]
            self._remove(entry for entry in copies if entry is not chosen)
        chosen.known = known
        self._note_changes(known, chosen.cell, len(copies))

    def _choose_answer(self, known: CourseCell, copies: list[_Entry]) -> _Entry:
        changed = [entry for entry in copies if not _untouched(entry.cell, known)] or copies[:1]
        self._remove(entry for entry in copies if entry not in changed)
        rightly_typed = [entry for entry in changed if entry.cell.cell_type == known.cell_type]
        chosen = (rightly_typed or changed)[-1]
        if known.cell_type == "markdown":
            self._join_text(chosen, changed, "\n\n")
        elif magic.name_of(known.source) and not magic.name_of(chosen.cell.source):
            self._join_text(chosen, changed, "\n")
        return chosen

    def _join_text(self, chosen: _Entry, copies: list[_Entry], between: str) -> None:
        """Parts of a written answer, or of a cloze, that stand next to each other become one again."""
        at = self.entries.index(chosen)
        while at and self.entries[at - 1] in copies:
            at -= 1
            part = self.entries.pop(at)
            chosen.cell = replace(chosen.cell, source=f"{part.cell.source}{between}{chosen.cell.source}")
            if magic.name_of(part.cell.source):
                break

    def _note_changes(self, known: CourseCell, cell: LooseCell, copies: int) -> None:
        name = _name(known)
        if copies > 1:
            graded = "the last changed one is graded" if known.role == "answer" else "one is kept"
            self.notes.append(f"{name} is there {copies} times: {graded}")
        if cell.grade_id != known.grade_id:
            self.notes.append(f"{name} had lost its nbgrader metadata: recognised by its id, place or text")
        if cell.cell_type != known.cell_type:
            self.notes.append(f"{name} had become a {cell.cell_type} cell: turned back into {known.cell_type}")
        if known.role != "answer" and cell.text not in known.texts and (cell.text or known.texts):
            self.notes.append(f"{name} was changed: the course's own text is used")

    def _restore_clozes(self) -> None:
        """Give each cloze cell its first line back, without which its text would run as code."""
        for entry in self.entries:
            name = magic.name_of(entry.known.source) if entry.known and entry.known.role == "answer" else ""
            if name and magic.name_of(entry.cell.source) != name:
                entry.cell = replace(entry.cell, source=magic.restored(entry.cell.source, name))
                self.notes.append(f"{_name(entry.known)} had lost its first line `{magic.head(name)}`: put back")

    def _join_parts(self) -> None:
        """Give an answer that was split within a statement its other parts back."""
        at = 0
        while at + 1 < len(self.entries):
            first, second = self.entries[at], self.entries[at + 1]
            if not _are_parts(first, second):
                at += 1
                continue
            answer, part = (first, second) if first.known else (second, first)
            joined = first.cell.source.rstrip("\n") + "\n" + second.cell.source.lstrip("\n")
            answer.cell = replace(answer.cell, source=joined)
            self.entries.remove(part)
            at = max(0, at - 1)
            self.notes.append(f"{_name(answer.known)} was split: its parts are joined")

    def _drop_stubs(self) -> None:
        """Leave out copies of a stub without metadata, which would undo the answer that defines the same names."""
        answers = [entry for entry in self.entries if entry.is_role("answer")]
        stubs = {
            e.known.released.strip() for e in answers if e.known and e.known.names and not _untouched(e.cell, e.known)
        }
        self._remove(entry for entry in list(self.entries) if entry.known is None and entry.cell.text in stubs - {""})

    def _put_back(self, known: CourseCell) -> None:
        if known.role == "answer":
            self.notes.append(f"{_name(known)} was deleted: put back as released, without an answer")
        else:
            self.notes.append(f"{_name(known)} was missing: put back")
        text = known.released if known.role == "answer" else known.source
        self._insert(_Entry(LooseCell(known.cell_type, text, known.grade_id), known))

    def _insert(self, entry: _Entry) -> None:
        """Put a cell where the source has it: a test at the end of its stretch, others at the beginning of theirs."""
        assert entry.known is not None
        index = entry.known.index
        before, after = self._anchors(index)
        if entry.known.role == "test":
            earliest = max((self._at(answer) + 1 for answer in self._answers_before(index)), default=0)
            place = after if after is not None else len(self.entries)
            if place < max(earliest, 0 if before is None else before + 1):
                place = earliest or (0 if before is None else before + 1)
        elif before is not None:
            place = before + 1
        else:
            place = after or 0
        self.entries.insert(place, entry)

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
        for place, entry in enumerate(self.entries):
            index = entry.known.index if entry.known else own.get(entry.cell.text)
            if index is not None:
                places.setdefault(index, place)
        return places

    def _order(self) -> None:
        """Bring locked cells before what needs them, and tests after what they test."""
        for known in reversed([cell for cell in self.course if cell.role == "fixed"]):
            self._lift(known)
        for known in self.course:
            if known.role == "test":
                self._lower(known)
        order = [entry.known.index for entry in self.entries if entry.known and entry.known.role == "answer"]
        if order != sorted(order):
            self.notes.append("the answers are in another order than in the course: they run in the student's order")

    def _lift(self, known: CourseCell) -> None:
        at = self._at(known)
        later = [p for p, e in enumerate(self.entries) if e.is_role("answer", "fixed") and _index(e) > known.index]
        first = min(later, default=at)
        crossed = self.entries[first:at]
        if first < at and not any(e.is_role("answer") and _index(e) < known.index for e in crossed):
            self.entries.insert(first, self.entries.pop(at))
            self.notes.append(f"{_name(known)} had moved down: put back before what follows it")

    def _lower(self, known: CourseCell) -> None:
        at = self._at(known)
        if any(self._at(answer) > at for answer in self._answers_before(known.index)):
            self._insert(self.entries.pop(at))
            self.notes.append(f"{_name(known)} stood before its answer: put after it")

    def _answers_before(self, index: int) -> list[CourseCell]:
        """The answers that the test at `index` follows in the source: back to the test before them."""
        answers: list[CourseCell] = []
        for known in reversed([cell for cell in self.course if cell.index < index]):
            if known.role == "answer":
                answers.append(known)
            elif known.role == "test" and answers:
                break
        return answers

    def _find(self, known: CourseCell) -> _Entry | None:
        return next((entry for entry in self.entries if entry.known is known), None)

    def _at(self, known: CourseCell) -> int:
        return next(place for place, entry in enumerate(self.entries) if entry.known is known)

    def _remove(self, entries: Iterable[_Entry]) -> None:
        for entry in list(entries):
            self.entries.remove(entry)


def _cells(entries: Sequence[_Entry]) -> Iterator[NotebookNode]:
    """The entries as notebook cells without outputs, with ids that are valid and different."""
    taken = {id for entry in entries if entry.known for id in [_known_id(entry.known)]}
    for entry in entries:
        known, cell = entry.known, entry.cell
        node: dict[str, object] = {"cell_type": known.cell_type if known else cell.cell_type, "metadata": {}}
        node["source"] = known.source if known and known.role != "answer" else cell.source
        if known:
            node |= {"id": _known_id(known), "metadata": known.metadata}
        else:
            node["id"] = _own_id(cell, taken)
        if node["cell_type"] == "code":
            node |= {"execution_count": None, "outputs": []}
        elif cell.attachments:
            node["attachments"] = cell.attachments
        yield from_dict(node)


def _known_id(known: CourseCell) -> str:
    return next((id for id in known.ids if _ID.fullmatch(id)), f"cell-{known.index}")


def _own_id(cell: LooseCell, taken: set[str]) -> str:
    """The student's own cell keeps its id if it can; else it gets one made of its text."""
    digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
    made = (f"own-{digest}-{number}" for number in range(len(taken) + 1))
    chosen = next(id for id in (*cell.ids, *made) if _ID.fullmatch(id) and id not in taken)
    taken.add(chosen)
    return chosen


def _are_parts(first: _Entry, second: _Entry) -> bool:
    """Whether two neighbours, an answer and a student's own cell, make sense only as one."""
    answers = [entry for entry in (first, second) if entry.is_role("answer")]
    own = [entry for entry in (first, second) if entry.known is None]
    if len(answers) != 1 or len(own) != 1 or answers[0].known is None:
        return False
    if answers[0].known.cell_type != "code" or own[0].cell.cell_type != "code":
        return False
    start = next((line for line in second.cell.source.splitlines() if line.strip()), "")
    if not start or (_parses(first.cell.source) and not start[0].isspace()):
        return False
    return _parses(first.cell.source.rstrip("\n") + "\n" + second.cell.source.lstrip("\n"))


def _parses(code: str) -> bool:
    if len(code) > _MAX_PARSED:
        return False
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _untouched(cell: LooseCell, known: CourseCell) -> bool:
    return cell.text == known.released.strip()


def _index(entry: _Entry) -> int:
    assert entry.known is not None
    return entry.known.index


def _name(known: CourseCell | None) -> str:
    assert known is not None
    kind = {"answer": "answer", "test": "test", "fixed": "locked"}[known.role]
    return f"{kind} cell {known.grade_id!r}"


def _released(source: NotebookNode) -> NotebookNode:
    """The source as nbgrader would release it: answers replaced by stubs."""
    from nbgrader.preprocessors import ClearSolutions

    copy = from_dict(source)
    try:
        return ClearSolutions().preprocess(copy, {})[0]
    except (RuntimeError, ValueError):  # regions that do not close, a language without a stub
        return source
