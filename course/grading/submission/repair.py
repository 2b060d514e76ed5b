"""Rebuild a hand-in so that it has the course's structure again, whatever editors and students did to it.

What comes out:

- every graded, locked and answer cell of the source once, with the source's type and metadata; locked cells and tests
  with the source's text, answers with the student's;
- the student's own cells where they were, among them what remains of copied and split answers: all of it still runs;
- the student's order, but for two rules: a test stands after the answers that it follows in the source, before a
  demonstration that gives their names away, and a locked cell before what follows it there (unless that would lift it
  over an answer that it comes after).

Nothing is lost in silence: each change that may matter for a grade is a note.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode, from_dict
from nbformat.v4 import nbformat, nbformat_minor

from course.grading.outputs import Space, as_in_a_file
from course.grading.plan.metadata import sound_metadata
from course.grading.protocol import Output
from course.grading.submission import mending, moved, ordering, recognising, torn
from course.grading.submission.code import Reader
from course.grading.submission.entries import Entries
from course.grading.submission.matching import CourseCell, course_cells
from course.grading.submission.parsing import Clock, Unreadable, read
from course.grading.submission.rebuilt import attached, notebook_cells

__all__ = ["Repaired", "Unreadable", "repair"]
MAX_NOTES = 100
_MOST_COURSES = 16
# By the ids of source and release, which are kept so that nothing else can have them.
_courses: dict[tuple[int, int], tuple[NotebookNode, NotebookNode | None, tuple[CourseCell, ...]]] = {}


@dataclass(frozen=True)
class Repaired:
    """A notebook that matches its source, and what had to be done for it."""

    notebook: NotebookNode
    notes: tuple[str, ...]
    answered: int = 0  # answers of the lesson's that are not as they were released
    recognised: int = 0  # cells of the lesson's that were found, and not only by their place
    expected: int = 0  # cells that the lesson has
    shown: Mapping[str, Sequence[Output]] = field(default_factory=dict)  # by id: what demonstrations had shown

    @property
    def is_of_this_lesson(self) -> bool:
        """Whether most of the lesson's cells are in it, so that it is not a notebook of another lesson."""
        return 2 * self.recognised > self.expected


def repair(
    raw: bytes, source: NotebookNode, release: NotebookNode | None = None, clock: Clock | None = None
) -> Repaired:
    """The notebook in `raw`, rebuilt after `source`; Unreadable when no notebook can be found in it, or not in time.

    Args:
        raw: the file as handed in.
        source: the instructor's notebook, with answers and hidden tests.
        release: the notebook as students got it; made from the source when it is None.
        clock: the time that it may take, where others share it.
    """
    clock = clock or Clock()
    loose = read(raw, expected=len(source.cells), clock=clock)
    entries = Entries(_course(source, release), loose.cells, Reader(clock))
    sure = _rebuild(entries)
    cells = list(notebook_cells(entries, {**attached(source), **attached(release)}))
    answers = [entry for entry in entries.list if entry.is_role("answer")]
    kind = {"nbformat": nbformat, "nbformat_minor": nbformat_minor}  # valid by the way it is made
    return Repaired(
        NotebookNode(**kind, metadata=from_dict(sound_metadata(source.metadata)), cells=cells),
        _few((*loose.notes, *entries.notes)),
        sum(not entries.is_blank(entry) for entry in answers if entry.cell.text and entry.index in sure),
        len(sure),
        len(entries.course),
        _shown(entries, cells),
    )


def _course(source: NotebookNode, release: NotebookNode | None) -> tuple[CourseCell, ...]:
    """The course's cells, taken apart once for all hand-ins that are held against these notebooks."""
    key = id(source), id(release)
    known = _courses.get(key)
    if known is None:
        if len(_courses) >= _MOST_COURSES:
            _courses.clear()
        known = _courses[key] = source, release, course_cells(source, release or released(source))
    return known[2]


def _shown(entries: Entries, cells: Sequence[NotebookNode]) -> dict[str, list[Output]]:
    """What the lesson's demonstrations showed when they were handed in, sanitised."""
    texts = {
        text for known in entries.all if known.role == "prose" and known.cell_type == "code" for text in known.texts
    }
    space = Space()
    pairs = [(entry.cell, cell) for entry, cell in zip(entries.list, cells, strict=True) if entry.known is None]
    return {
        cell.id: space.take([as_in_a_file(output) for output in parsed.outputs], "").outputs
        for parsed, cell in pairs
        if parsed.outputs and parsed.text in texts
    }


def _rebuild(entries: Entries) -> set[int]:
    """Find the course's cells, one of each; then the parts, the missing ones, and the order.

    Returns the places in the course of the cells that were found for sure.
    """
    sure = recognising.recognise(entries)
    recognising.leave_out_older_cells(entries)
    mending.make_code(entries)
    mending.restore_clozes(entries)
    torn.rejoin(entries)
    mending.join_parts(entries)
    sure |= moved.bring_home(entries)
    mending.drop_stubs(entries)
    for known in entries.course:
        if entries.find(known) is None:
            ordering.put_back(entries, known)
    ordering.order(entries)
    if entries.code.is_spent:
        entries.notes.append(
            "the cells contain more code than is analysed: split and copied answers may stay as they are"
        )
    return sure


def _few(notes: tuple[str, ...]) -> tuple[str, ...]:
    if len(notes) <= MAX_NOTES:
        return notes
    return (*notes[:MAX_NOTES], f"and {len(notes) - MAX_NOTES} more repairs")


def released(source: NotebookNode) -> NotebookNode:
    """The source as nbgrader would release it: answers replaced by stubs, hidden tests and mark schemes taken out."""
    from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions

    copy = from_dict(source)
    try:
        for step in (ClearSolutions, ClearHiddenTests, ClearMarkScheme):
            copy = step().preprocess(copy, {})[0]
    except (RuntimeError, ValueError):  # regions that do not close, a language without a stub
        return source
    return copy
