"""The text of an answer as its student meant it: out of Markdown's marks, whole, and with no stub beside it."""

from dataclasses import replace

from course.cloze import magic
from course.grading.submission.entries import Entries, Entry, name
from course.grading.submission.markup import as_code, has_marks

MAX_PARTS = 50  # of one split answer


def make_code(entries: Entries) -> None:
    """Take fences and other marks off an answer in code, which it got while it was prose."""
    code = entries.code
    for entry in entries.list:
        if not entry.is_role("answer") or entry.known is None or entry.known.cell_type != "code":
            continue
        source = entry.cell.source
        if magic.name_of(entry.known.source):
            continue
        if entry.cell.cell_type == "code" and (code.parses(source) or not has_marks(source)):
            continue
        plain = as_code(source, code)
        if plain.strip() == source.strip():
            continue
        if entry.cell.cell_type == "code" and not (plain.strip() and code.parses(plain)):
            continue
        entry.cell = replace(entry.cell, source=plain)
        entries.notes.append(f"{name(entry.known)} had its code in fences or other marks of text: taken out")


def restore_clozes(entries: Entries) -> None:
    """Give each cloze cell its first line back, without which its text would run as code."""
    for entry in entries.list:
        head = magic.name_of(entry.known.source) if entry.known and entry.known.role == "answer" else ""
        if head and magic.name_of(entry.cell.source) != head:
            entry.cell = replace(entry.cell, source=magic.restored(entry.cell.source, head))
            entries.notes.append(f"{name(entry.known)} had lost its first line `{magic.head(head)}`: put back")


def join_parts(entries: Entries) -> None:
    """Give an answer that was split within a statement its other parts back."""
    at = 0
    parts: dict[int, int] = {}
    listed = entries.list
    while at + 1 < len(listed):
        first, second = listed[at], listed[at + 1]
        if not _are_parts(entries, first, second) or parts.get(id(first if first.known else second), 0) >= MAX_PARTS:
            at += 1
            continue
        answer, part = (first, second) if first.known else (second, first)
        joined = first.cell.source.rstrip("\n") + "\n" + second.cell.source.lstrip("\n")
        answer.cell = replace(answer.cell, source=joined)
        listed.remove(part)
        at = max(0, at - 1)
        parts[id(answer)] = parts.get(id(answer), 0) + 1
        if parts[id(answer)] == 1:
            entries.notes.append(f"{name(answer.known)} was split: its parts are joined")
        if parts[id(answer)] == MAX_PARTS:
            entries.notes.append(f"{name(answer.known)} was split into more parts than the {MAX_PARTS} that are joined")


def drop_stubs(entries: Entries) -> None:
    """Leave out copies of a stub, in cells or among other code, which would undo the answer of the same names."""
    code = entries.code
    answers = [entry for entry in entries.list if entry.is_role("answer")]
    worked = [e.known for e in answers if e.known and e.known.names and not entries.is_blank(e)]
    stubs = {known.released.strip() for known in worked} - {""}
    entries.remove(e for e in entries.list if e.known is None and e.cell.text in stubs)
    released = [
        piece
        for known in worked
        if known.cell_type == "code" and not magic.name_of(known.source)
        for piece in code.pieces(known.released)
        if piece.defines
    ]
    trees = {piece.tree for piece in released}
    cells = [
        entry
        for entry in entries.list
        if entry.cell.cell_type == "code" and (entry.known is None or entry.is_role("answer"))
        if not entries.is_blank(entry) and code.parses(entry.cell.source)
    ]
    new = [piece for entry in cells for piece in code.pieces(entry.cell.source) if piece.tree not in trees]
    answered = {name for piece in new for name in piece.binds}
    trees = {piece.tree for piece in released if piece.defines & answered}  # the rest are helpers that were given
    for entry in cells:
        pieces = code.pieces(entry.cell.source)
        kept = [piece for piece in pieces if piece.tree not in trees]
        if kept and len(kept) < len(pieces):
            entry.cell = replace(entry.cell, source="\n".join(piece.text for piece in kept).strip("\n"))
            entries.notes.append("a copy of a stub was in a cell with other code: left out")


def _are_parts(entries: Entries, first: Entry, second: Entry) -> bool:
    """Whether two neighbours, an answer and a student's own cell, make sense only as one."""
    answers = [entry for entry in (first, second) if entry.is_role("answer")]
    own = [entry for entry in (first, second) if entry.known is None]
    if len(answers) != 1 or len(own) != 1 or answers[0].known is None:
        return False
    if answers[0].known.cell_type != "code" or own[0].cell.cell_type != "code":
        return False
    start = next((line for line in second.cell.source.splitlines() if line.strip()), "")
    parses = entries.code.parses
    if not start or (parses(first.cell.source) and not start[0].isspace()):
        return False
    return parses(first.cell.source.rstrip("\n") + "\n" + second.cell.source.lstrip("\n"))
