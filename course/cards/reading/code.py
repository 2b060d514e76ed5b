"""Atoms to code: as a student would type it, line for line and space for space, with its blanks."""

import re
from collections.abc import Sequence

from course.cards.deck import Code
from course.cards.reading.atoms import Atom
from course.cards.reading.clozes import Cloze
from course.cards.reading.pieces import Pieces
from course.cloze.blanks import Blank

_UNSEEN = re.compile("[\u200b\u2060\ufeff]")
_EMPTY_LINES = re.compile(r"\A(?:[ \t]*\n)+")
_LINES = ("block", "item", "row", "pre", "table")


def code(atoms: Sequence[Atom], clozes: list[Cloze]) -> Code | None:
    """The code that the atoms hold, without empty lines around it; None when that is nothing."""
    pieces = Pieces(clozes)
    for atom in atoms:
        if isinstance(atom, str):
            pieces.text(typed(atom))
        elif isinstance(atom, Blank):
            pieces.blank(Blank(typed(atom.answer), atom.hint))
        elif atom.kind == "cloze":
            pieces.mark(atom.value, atom.on)
        elif atom.kind == "delimiter":
            pieces.text(atom.value)
        elif atom.kind == "break" or (atom.kind in _LINES and not pieces.empty and not pieces.ends_with("\n")):
            pieces.between("\n")
    found = _trimmed(pieces.finished())
    return Code(found) if found else None


def typed(text: str) -> str:
    """The text with spaces and line ends as a keyboard makes them."""
    return _UNSEEN.sub("", text).replace("\xa0", " ").replace("\r\n", "\n").replace("\r", "\n")


def _trimmed(pieces: list[str | Blank]) -> tuple[str | Blank, ...]:
    if pieces and isinstance(pieces[0], str):
        pieces[0] = _EMPTY_LINES.sub("", pieces[0])
    if pieces and isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].rstrip()
    return tuple(piece for piece in pieces if piece)
