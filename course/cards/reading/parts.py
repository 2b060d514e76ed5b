"""One field of a note to prose and code, with what is hidden in it marked."""

from collections.abc import Sequence

from course.cards.deck import Part
from course.cards.reading.atoms import Atom, Sign, atoms
from course.cards.reading.clozes import Cloze, NoteError, mark, unmarked
from course.cards.reading.code import code
from course.cards.reading.prose import prose
from course.cards.reading.spans import pairs
from course.cloze.blanks import Blank

_LINE_SIGNS = ("break", "block", "pre")
_TABLE_SIGNS = ("table", "row", "cell")


def parts(html: str, *, native_clozes: bool = True) -> tuple[Part, ...]:
    """The parts of a field's HTML; NoteError when something in it is hidden that cannot be asked for."""
    marked, clozes = mark(unmarked(html)) if native_clozes else (unmarked(html), [])
    found = tuple(part for part in _sections(_blocks(atoms(marked, clozes)), clozes) if part)
    for cloze in clozes:
        if not cloze.shown:
            raise NoteError(f"its cloze c{cloze.groups[0]} hides nothing")
    return found


def _blocks(row: list[Atom]) -> list[Atom]:
    """The atoms with such inline code as stands for itself as blocks, and without tables around code."""
    inside_pre = 0
    found = pairs(row, ("pre", "code"))
    for at, atom in enumerate(row):
        if isinstance(atom, Sign) and atom.kind == "pre":
            inside_pre += 1 if atom.on else -1
        elif at in found and not inside_pre and _is_block(row, at, found[at]):
            row[at], row[found[at]] = Sign("pre"), Sign("pre", on=False)
    return _plain_tables(row)


def _is_block(row: Sequence[Atom], start: int, end: int) -> bool:
    """Whether inline code has a line break or a typed blank in it, or a line to itself."""
    inner = row[start + 1 : end]
    if any(isinstance(atom, Blank) or (isinstance(atom, Sign) and atom.kind in _LINE_SIGNS) for atom in inner):
        return True
    if "\n" in "".join(atom for atom in inner if isinstance(atom, str)).strip():
        return True
    return _line_ends(row[max(0, start - 20) : start][::-1]) and _line_ends(row[end + 1 : end + 21])


def _line_ends(row: Sequence[Atom]) -> bool:
    for atom in row:
        if isinstance(atom, Sign) and atom.kind != "cloze":
            return atom.kind in _LINE_SIGNS
        if isinstance(atom, Blank) or (isinstance(atom, str) and atom.strip()):
            return False
    return True


def _plain_tables(row: list[Atom]) -> list[Atom]:
    """The atoms with tables that hold code or another table as mere blocks."""
    whole = pairs(row, ("table",))
    ends = set(whole.values())
    inside: list[int] = []
    table_of: dict[int, int] = {}
    plain: set[int] = set()
    for at, atom in enumerate(row):
        kind = atom.kind if isinstance(atom, Sign) else ""
        if at in whole:
            plain.update(inside[-1:])
            inside.append(at)
        elif kind == "pre":
            plain.update(inside[-1:])
        if kind in _TABLE_SIGNS:
            table_of[at] = inside[-1] if inside else -1
        if at in ends:
            inside.pop()
    return [Sign("block") if table_of.get(at, -1) in plain else atom for at, atom in enumerate(row)]


def _sections(row: Sequence[Atom], clozes: list[Cloze]) -> list[Part | None]:
    """Prose and code in turn; a cloze that goes on from one into the next is open in both."""
    out: list[Part | None] = []
    section: list[Atom] = []
    open_clozes: list[Sign] = []
    depth = 0
    for atom in row:
        if isinstance(atom, Sign) and atom.kind == "cloze":
            open_clozes = [*open_clozes, atom] if atom.on else open_clozes[:-1]
        elif isinstance(atom, Sign) and atom.kind == "pre":
            before, depth = depth, max(0, depth + (1 if atom.on else -1))
            if (before == 0) != (depth == 0):
                out += _section(section, clozes, is_code=before > 0)
                section = list(open_clozes)
                continue
        section.append(atom)
    return [*out, *_section(section, clozes, is_code=depth > 0)]


def _section(section: list[Atom], clozes: list[Cloze], *, is_code: bool) -> list[Part | None]:
    if not is_code:
        return [prose(section, clozes)]
    pictures = [atom for atom in section if isinstance(atom, Sign) and atom.kind in ("markdown", "cloze")]
    shown = any(atom.kind == "markdown" for atom in pictures)
    return [code(section, clozes), prose(pictures, clozes) if shown else None]
