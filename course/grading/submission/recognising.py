"""Which of the cells handed in are the course's, and which copy of each counts."""

from collections.abc import Sequence
from dataclasses import replace

from course.cloze import magic
from course.grading.submission.code import rough_names
from course.grading.submission.entries import Entries, Entry, name
from course.grading.submission.matching import CourseCell, match
from course.grading.submission.parsing import ParsedCell

MAX_SHOWN = 10  # names in one note


def recognise(entries: Entries) -> set[int]:
    """Find the course's cells among those handed in, and take one of each; returns which were found for sure."""
    listed = entries.list
    places = match([entry.cell for entry in listed], entries.all)
    copies = {known.index: [listed[place] for place in places.get(known.index, ())] for known in entries.course}
    sure = {k.index for k in entries.course if any(_is_sure(k, e.cell) for e in copies[k.index])}
    if copies and not any(copies.values()):
        entries.notes.append("no cell of this lesson was recognised: is it the right notebook?")
    for known in entries.course:
        if copies[known.index]:
            _choose(entries, known, copies[known.index])
    return sure


def leave_out_older_cells(entries: Entries) -> None:
    """Leave out tests of another release, and locked cells that would undo this one's; name what else is old."""
    kept = {known.grade_id for known in entries.course}
    bound = {one for known in entries.course if known.role == "fixed" for one in rough_names(known.source)}
    old = [e for e in entries.list if e.known is None and e.cell.grade_id and e.cell.grade_id not in kept]
    gone = [
        entry
        for entry in old
        if entry.cell.mark == "test"
        or (
            entry.cell.mark == "fixed"
            and (not rough_names(entry.cell.source) or rough_names(entry.cell.source) & bound)
        )
    ]
    entries.remove(gone)
    if gone:
        entries.notes.append(f"of another release, left out: {_listed(gone)}")
    if stay := [entry for entry in old if entry not in gone]:
        entries.notes.append(f"of another release, kept as the student's own and not graded: {_listed(stay)}")


def _choose(entries: Entries, known: CourseCell, copies: list[Entry]) -> None:
    """Take one of the copies of a cell as the cell; of an answer, the last that was changed."""
    if known.role == "answer":
        chosen = _choose_answer(entries, known, copies)
    else:
        chosen = copies[0] if known.role == "fixed" else copies[-1]
        changed = [entry for entry in copies if entry is not chosen and entry.cell.text not in known.texts]
        chosen = chosen if chosen.cell.text not in known.texts or not changed else changed[-1]
        entries.remove(entry for entry in copies if entry is not chosen)
    chosen.known = known
    _note_changes(entries, known, chosen.cell, len(copies))


def _choose_answer(entries: Entries, known: CourseCell, copies: list[Entry]) -> Entry:
    changed = [entry for entry in copies if not entries.is_blank_cell(entry.cell, known) and entry.cell.text] or copies[
        :1
    ]
    entries.remove(entry for entry in copies if entry not in changed)
    rightly_typed = [entry for entry in changed if entry.cell.cell_type == known.cell_type]
    chosen = (rightly_typed or changed)[-1]
    if known.cell_type == "markdown":
        _join_text(entries, chosen, changed, "\n\n")
    elif magic.name_of(known.source) and not magic.name_of(chosen.cell.source):
        _join_text(entries, chosen, changed, "\n")
    return chosen


def _join_text(entries: Entries, chosen: Entry, copies: list[Entry], between: str) -> None:
    """Parts of a written answer, or of a cloze, that stand next to each other become one again."""
    listed = entries.list
    at = listed.index(chosen)
    texts = [chosen.cell.source]
    while at and listed[at - 1] in copies:
        at -= 1
        part = listed.pop(at)
        texts.append(part.cell.source)
        if magic.name_of(part.cell.source):
            break
    chosen.cell = replace(chosen.cell, source=between.join(reversed(texts)))


def _note_changes(entries: Entries, known: CourseCell, cell: ParsedCell, copies: int) -> None:
    called = name(known)
    if copies > 1:
        graded = "the last changed one is graded" if known.role == "answer" else "one is kept"
        entries.notes.append(f"{called} appears {copies} times: {graded}")
    if cell.grade_id != known.grade_id:
        entries.notes.append(f"{called} had lost its nbgrader metadata: recognised by its id, place or text")
    if cell.cell_type != known.cell_type:
        entries.notes.append(f"{called} had become a {cell.cell_type} cell: turned back into {known.cell_type}")
    if known.role != "answer" and cell.text not in known.texts and (cell.text or known.texts):
        entries.notes.append(f"{called} was changed: the course's own text is used")


def _is_sure(known: CourseCell, cell: ParsedCell) -> bool:
    """Whether a cell was found by more than its place."""
    return (
        known.role != "answer"
        or cell.grade_id == known.grade_id
        or bool(set(cell.ids) & set(known.ids))
        or bool(known.names & rough_names(cell.source))
    )


def _listed(entries: Sequence[Entry]) -> str:
    names = [repr(entry.cell.grade_id) for entry in entries[:MAX_SHOWN]]
    return ", ".join(names) + (f" and {len(entries) - MAX_SHOWN} more" if len(entries) > MAX_SHOWN else "")
