"""The course's cells in their places: the missing ones put back, and each before or after what it must."""

from course.grading.submission.code import binds_unseen, rough_names
from course.grading.submission.entries import Entries, Entry, name
from course.grading.submission.matching import CourseCell
from course.grading.submission.parsing import ParsedCell

LEFT_OUT = "# deleted: other code in this notebook may define what it asks for"


def put_back(entries: Entries, known: CourseCell) -> None:
    """Put a cell of the course that is missing where it belongs."""
    text = known.released if known.role == "answer" else known.source
    if known.role != "answer":
        entries.notes.append(f"{name(known)} was missing: put back")
    elif _may_be_undone(entries, known):
        text = LEFT_OUT
        entries.notes.append(
            f"{name(known)} was deleted: its stub is not put back, which could undo what other code binds"
        )
    else:
        entries.notes.append(f"{name(known)} was deleted: put back as released, without an answer")
    entries.insert(Entry(ParsedCell(known.cell_type, text, known.grade_id), known))


def _may_be_undone(entries: Entries, known: CourseCell) -> bool:
    """Whether the stub of an answer binds a name that the student's code may bind in a way that nobody sees."""
    if known.cell_type != "code" or not rough_names(known.released):
        return False
    own = (entry.cell for entry in entries.list if entry.known is None or entry.is_role("answer"))
    return any(cell.cell_type == "code" and binds_unseen(cell.source) for cell in own)


def order(entries: Entries) -> None:
    """Bring locked cells before what needs them, and tests after what they test."""
    for known in reversed([cell for cell in entries.course if cell.role == "fixed"]):
        _lift(entries, known)
    for known in entries.course:
        if known.role == "test":
            _lower(entries, known)
    found = [entry.index for entry in entries.list if entry.is_role("answer")]
    if found != sorted(found):
        entries.notes.append("the answers are in another order than in the course: they run in the student's order")


def _lift(entries: Entries, known: CourseCell) -> None:
    listed = entries.list
    at = entries.at(known)
    later = [p for p, e in enumerate(listed) if e.is_role("answer", "fixed") and e.index > known.index]
    first = min(later, default=at)
    crossed = listed[first:at]
    if first < at and not any(e.is_role("answer") and e.index < known.index for e in crossed):
        listed.insert(first, listed.pop(at))
        entries.notes.append(f"{name(known)} had moved down: put back before what follows it")


def _lower(entries: Entries, known: CourseCell) -> None:
    listed = entries.list
    at = entries.at(known)
    answers = [entries.at(answer) for answer in entries.answers_before(known.index)]
    if any(place > at for place in answers):
        entries.insert(listed.pop(at))
        entries.notes.append(f"{name(known)} came before its answer: moved after it")
    elif answers and (rebound := entries.rebound(known.index, max(answers) + 1, at)) is not None:
        listed.insert(rebound, listed.pop(at))
        entries.notes.append(f"{name(known)} came after a cell that rebinds a name of its answer: moved before it")
