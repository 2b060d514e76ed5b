"""Functions that were torn apart: the head in one cell, the rest in another, other cells between or merged with them.

A rest begins with an indented line, so it is no code by itself. It belongs to the nearest cell above that it goes on
with: a piece of an answer, a cell of the student's own, or the end of a given cell or test, into which the head was
merged. What stands between is left where it is.
"""

from dataclasses import replace

from course.grading.submission.code import Reader, rough_names
from course.grading.submission.entries import Entries, Entry, name
from course.grading.submission.parsing import ParsedCell

MAX_REACH = 12  # cells between the two parts
MAX_RESTS = 50  # of one notebook


def rejoin(entries: Entries) -> None:
    """Put the heads and the rests of torn functions together again."""
    _part_merged_rests(entries)
    rests = [entry for entry in entries.list if _is_rest(entries.code, entry)]
    for rest in rests[:MAX_RESTS]:
        if rest in entries.list and (head := _head_of(entries, rest)) is not None:
            _join(entries, head, rest)


def _part_merged_rests(entries: Entries) -> None:
    """Give the indented lines at the beginning of a test, a given cell or another answer a cell of their own."""
    for entry in list(entries.list):
        if entry.known is None or entry.cell.cell_type != "code" or entry.known.cell_type != "code":
            continue
        indented, others = _parted(entry.cell.source)
        if not indented or not others.strip() or (entry.is_role("answer") and not _is_other(entry, others)):
            continue
        entry.cell = replace(entry.cell, source=others)
        entries.list.insert(entries.list.index(entry), Entry(ParsedCell("code", indented)))


def _is_other(entry: Entry, text: str) -> bool:
    """Whether the lines that follow hold the cell's own answer, so that those before are of another."""
    return entry.known is not None and bool(rough_names(text) & entry.known.names)


def _parted(source: str) -> tuple[str, str]:
    """The indented lines at the beginning of a cell, and the others."""
    lines = source.strip("\n").split("\n")
    end = next((at for at, line in enumerate(lines) if line.strip() and not line[0].isspace()), len(lines))
    return "\n".join(lines[:end]), "\n".join(lines[end:]).lstrip("\n")


def _is_rest(code: Reader, entry: Entry) -> bool:
    """Whether a cell goes on with what another began."""
    if not (entry.known is None or (entry.is_role("answer") and entry.known.cell_type == "code")):
        return False
    if entry.cell.cell_type == "markdown":
        return bool(_parted(entry.cell.source)[0].strip()) and not _parted(entry.cell.source)[1]
    start = next((line for line in entry.cell.source.splitlines() if line.strip()), "")
    return entry.cell.cell_type == "code" and start[:1].isspace() and not code.parses(entry.cell.source)


def _head_of(entries: Entries, rest: Entry) -> Entry | None:
    """The cell above that the rest goes on with."""
    at, code = entries.list.index(rest), entries.code
    for head in reversed(entries.list[max(0, at - 1 - MAX_REACH) : at]):
        if head.cell.cell_type != "code":
            continue
        if count := _last_piece(code, head, rest):
            joinable = rest.cell.cell_type == "code" or _is_missing(code, head, count, rest)
            return head if joinable and not _is_mended_elsewhere(entries, head, rest) else None
        if head.known is not None and head.known.role == "answer":
            return None
    return None


def _is_missing(code: Reader, head: Entry, count: int, rest: Entry) -> bool:
    """Whether a head is no function without the lines that have become prose, or returns nothing."""
    lines = "\n".join(head.cell.source.rstrip("\n").split("\n")[-count:])
    return not code.parses(head.cell.source) or ("return" in rest.cell.source and "return" not in lines)


def _is_mended_elsewhere(entries: Entries, head: Entry, rest: Entry) -> bool:
    """Whether they are neighbours of which one is an answer, as `mending.join_parts` joins them."""
    adjacent = entries.list.index(rest) - entries.list.index(head) == 1 and rest.cell.cell_type == "code"
    marked = [entry for entry in (head, rest) if entry.is_role("answer")]
    return adjacent and len(marked) == 1 and all(e.known is None or e in marked for e in (head, rest))


def _last_piece(code: Reader, head: Entry, rest: Entry) -> int:
    """How many lines of a head the rest goes on with; 0 where it does not."""
    first = head.cell.source.rstrip("\n")
    joined = f"{first}\n{rest.cell.source.strip(chr(10))}"
    count = first.count("\n") + 1
    if not code.parses(joined):
        return 0
    done = 0
    for piece in code.pieces(joined):
        lines = piece.text.count("\n") + 1
        if done < count < done + lines:
            return count - done if piece.defines else 0
        done += lines
    return 0


def _join(entries: Entries, head: Entry, rest: Entry) -> None:
    """One cell of the two: the head's, but where that is the course's own, or the rest has the answer's marks."""
    if head.known is not None and head.known is rest.known:
        return
    count = _last_piece(entries.code, head, rest)
    lines = head.cell.source.rstrip("\n").split("\n")
    is_courses = head.known is not None and head.known.role != "answer"
    kept = lines[: len(lines) - count]
    taken = lines[len(lines) - count :] if is_courses or rest.known is not None else lines
    text = "\n".join([*taken, rest.cell.source.strip("\n")])
    if is_courses or rest.known is not None:
        head.cell = replace(head.cell, source="\n".join(kept))
        rest.cell = replace(rest.cell, source=text.strip("\n"), cell_type="code")
        if not head.cell.text and head.known is None:
            entries.remove([head])
    else:
        head.cell = replace(head.cell, source=text)
        entries.remove([rest])
    where = name(head.known) if head.known else name(rest.known) if rest.known else "a cell of the student's own"
    entries.notes.append(f"a function was torn apart, its head in {where}: put together")
