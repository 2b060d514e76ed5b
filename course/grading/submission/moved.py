"""Find answers that are not in their own cell: merged into another one, or typed beside a stub that was left."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from course.grading.submission.code import Piece, rough_names
from course.grading.submission.entries import ELSEWHERE, Entries, Entry, name
from course.grading.submission.markup import as_code
from course.grading.submission.matching import CourseCell
from course.grading.submission.parsing import ParsedCell

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class _Run:
    """Pieces of a merged cell that follow each other and belong to one answer, or to none (`owner` is None)."""

    owner: CourseCell | None
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "\n".join(piece.text for piece in self.pieces).strip("\n")


def bring_home(entries: Entries) -> set[int]:
    """Give each answer that is missing, or as released, the code that another cell holds; the answers found so.

    A cell that loses all its code to the answer that it belongs to is open itself, and what it should hold is looked
    for in turn.
    """
    found: set[int] = set()
    for _ in entries.course:
        if not (more := _brought_home(entries)):
            break
        found |= more
    _written(entries)
    return found


def _brought_home(entries: Entries) -> set[int]:
    """One round of it."""
    found: set[int] = set()
    open_ = [known for known in entries.course if _is_open(entries, known)]
    wanted = {known.index: names for known in open_ if (names := wanted_names(entries, known))}
    by_index = {known.index: known for known in open_}
    for host in reversed(list(entries.list)):  # of several that could be meant, the last one ran last
        if not wanted:
            break
        here = [by_index[index] for index, names in wanted.items() if _holds(entries, host, names)]
        if here and host in entries.list:
            _take_out(entries, host, here)
            for known in here:
                del wanted[known.index]
                found.add(known.index)
    return found


def wanted_names(entries: Entries, known: CourseCell) -> frozenset[str]:
    """The names by which an answer in code is known again: what its stub binds, or what its tests read of its own."""
    if known.role != "answer" or known.cell_type != "code" or known.source.startswith("%%"):
        return frozenset()
    if names := rough_names(known.released):
        return names
    names = rough_names(known.source)
    tests = [cell.source for cell in entries.course if cell.role == "test" and known in _answers(entries, cell)]
    return names & {word for text in tests for word in _WORD.findall(text)}


def _answers(entries: Entries, test: CourseCell) -> list[CourseCell]:
    return entries.answers_before(test.index)


def _is_open(entries: Entries, known: CourseCell) -> bool:
    if known.role != "answer":
        return False
    entry = entries.find(known)
    return entry is None or entries.is_blank(entry)


def _holds(entries: Entries, host: Entry, names: frozenset[str]) -> bool:
    """Whether a cell binds all these names, by more than a stub or a demonstration of the course's."""
    if not all(one in host.cell.source for one in names):
        return False
    if any(host.cell.text in cell.texts for cell in entries.all):
        return False
    course = _course_pieces(entries, host)
    pieces = entries.code.pieces(_text(entries, host))
    bound = {one for piece in pieces if piece.tree not in course for one in piece.binds}
    return names <= bound - _own_names(entries, host)


def _own_names(entries: Entries, host: Entry) -> frozenset[str]:
    return wanted_names(entries, host.known) if host.known is not None else frozenset()


def _text(entries: Entries, host: Entry) -> str:
    """A cell's text as code, also where it is prose that holds code."""
    if host.cell.cell_type == "code":
        return host.cell.source
    return as_code(host.cell.source, entries.code)


def _course_pieces(entries: Entries, host: Entry) -> set[str]:
    """The statements of every stub, and those that the course itself wrote into the cell at hand."""
    texts = [cell.released for cell in entries.course if cell.role == "answer" and cell.cell_type == "code"]
    if host.known is not None:
        texts += [host.known.released, *([host.known.source] if host.known.role != "answer" else [])]
    return {piece.tree for text in texts for piece in entries.code.pieces(text) if piece.tree}


def _take_out(entries: Entries, host: Entry, answers: Sequence[CourseCell]) -> None:
    """Part a merged cell: its first piece stays, the answers get cells of their own right after it."""
    for known in answers:
        if (stub := entries.find(known)) is not None:
            entries.remove([stub])
    owners = {one: known for known in answers for one in wanted_names(entries, known)}
    runs = list(_runs(entries, host, owners))
    held = _name_of_host(host)
    owned = [run.owner.index for run in runs if run.owner]
    if len(set(owned)) < len(owned) or not {known.index for known in answers} <= set(owned):
        runs = []  # parts of one answer stand apart, or one statement answers two: the cell stays whole
    if host.known is None and len(answers) == 1 and len(runs) <= 1:
        host.known = answers[0]
        host.cell = replace(host.cell, source=_text(entries, host), cell_type="code")
        entries.notes.append(f"{name(answers[0])} was empty or gone: {held} that holds its answer is graded")
        return
    if not runs:
        _keep_whole(entries, host, answers)
        return
    made = [Entry(_cell(run), run.owner) for run in runs]
    if host.is_role("answer"):
        mine = next((one for one in made if one.known is host.known), made[0] if made[0].known is None else None)
        host.cell = replace(host.cell, source=mine.cell.source if mine else "")
        made = [host if one is mine else one for one in made] if mine else [host, *made]
    elif host.is_role("test"):
        made = [*made, host]
    elif host.is_role("fixed"):
        made = [host, *made]
    at = entries.list.index(host)
    entries.list[at : at + 1] = made
    names = ", ".join(repr(known.grade_id) for known in answers)
    entries.notes.append(f"the answer to {names} was merged into {held}: split again")


def _runs(entries: Entries, host: Entry, owners: dict[str, CourseCell]) -> Iterator[_Run]:
    """The cell's pieces in runs: a piece that binds nothing of an answer's goes with what stands before it."""
    course = _course_pieces(entries, host)
    own = _own_names(entries, host)
    owner: CourseCell | None = None
    pieces: list[Piece] = []
    for piece in entries.code.pieces(_text(entries, host)):
        if piece.tree in course and not piece.binds & own:
            continue  # a stub that was merged with the rest, or the course's own text, which is put back anyway
        owned = next((owners[one] for one in sorted(piece.binds) if one in owners), None)
        now = owned or owner
        if piece.binds & own and host.is_role("answer"):
            now = host.known
        elif not piece.is_code:
            now = None
        if pieces and now is not owner:
            yield _Run(owner, tuple(pieces))
            pieces = []
        owner = now
        pieces.append(piece)
    if pieces:
        yield _Run(owner, tuple(pieces))


def _keep_whole(entries: Entries, host: Entry, answers: Sequence[CourseCell]) -> None:
    """Leave a cell as it is that cannot be parted, and put no stubs behind it that would undo what it defines."""
    at = entries.list.index(host)
    if host.is_role("test", "fixed"):
        entries.list.insert(at, Entry(ParsedCell("code", host.cell.source)))
        at += 1
    made = [Entry(ParsedCell("code", ELSEWHERE, known.grade_id), known) for known in answers]
    entries.list[at + 1 : at + 1] = made
    names = ", ".join(repr(known.grade_id) for known in answers)
    entries.notes.append(f"the answer to {names} stands in {_name_of_host(host)}: run from there")


def _written(entries: Entries) -> None:
    """Give a written answer back that was merged into the prose before it."""
    for known in entries.course:
        if known.role != "answer" or known.cell_type != "markdown" or not _is_open(entries, known):
            continue
        prose = [cell for cell in entries.all[: known.index] if cell.cell_type == "markdown"][-1:]
        for text in (text for cell in prose for text in cell.texts):
            host = next((e for e in entries.list if e.cell.text.startswith(text) and e.cell.text != text), None)
            rest = host.cell.text[len(text) :].replace(known.released.strip() or "\0", "").strip() if host else ""
            if host is None or not rest or host.known is not None:
                continue
            if (stub := entries.find(known)) is not None:
                entries.remove([stub])
            host.cell = replace(host.cell, source=text)
            answer = ParsedCell("markdown", rest, known.grade_id, attachments=host.cell.attachments)
            entries.list.insert(entries.list.index(host) + 1, Entry(answer, known))
            entries.notes.append(f"the answer to {known.grade_id!r} was merged into the text before it: split again")
            break


def _cell(run: _Run) -> ParsedCell:
    return ParsedCell("code", run.text, run.owner.grade_id if run.owner else "")


def _name_of_host(host: Entry) -> str:
    return name(host.known) if host.known else "a cell of the student's own"
