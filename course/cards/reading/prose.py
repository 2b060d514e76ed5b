"""Atoms to prose: Markdown with maths in `$…$`, in which nothing is a tag, as text and blanks in turn."""

import re
from collections.abc import Sequence

from course.cards.deck import Prose
from course.cards.markdown import escape, escape_start
from course.cards.reading.atoms import Atom, Sign
from course.cards.reading.clozes import Cloze
from course.cards.reading.maths import Maths, find_maths, tex
from course.cards.reading.media import SOUND
from course.cards.reading.pieces import Pieces
from course.cards.reading.spans import pairs, settled
from course.cloze.blanks import Blank
from course.naming import line

_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_UNSEEN = re.compile("[\u200b\u2060\ufeff\xad]")
_MARKERS = {"bold": "**", "italic": "*"}
_TAG_LIKE = re.compile(r"<[A-Za-z/!?]")
_PARAGRAPH, _LINE, _NEXT = "\n\n", "  \n", "\n"


def prose(atoms: Sequence[Atom], clozes: list[Cloze]) -> Prose | None:
    """The prose that the atoms say, or None when they say nothing."""
    pieces = _Writer(clozes).write(settled(find_maths(atoms)))
    if pieces and isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].rstrip()
    pieces = [piece for piece in pieces if piece]
    return Prose(tuple(pieces)) if line("".join(map(_said, pieces))) else None


def _said(piece: str | Blank) -> str:
    return piece.answer if isinstance(piece, Blank) else piece


class _Writer:
    """Writes Markdown; spaces and line breaks are held back until more text comes."""

    def __init__(self, clozes: list[Cloze]) -> None:
        self._pieces = Pieces(clozes)
        self._gap = ""
        self._space = False
        self._start = True  # nothing stands on this line yet, or in this span or cell
        self._bullet = ""  # of a list item that says nothing yet
        self._rows = 0  # of the open table
        self._cells: int | None = None  # of the open row

    def write(self, atoms: Sequence[Atom | Maths]) -> list[str | Blank]:
        code = pairs(atoms, ("code",))
        at = 0
        while at < len(atoms):
            atom = atoms[at]
            if at in code:
                self._code("".join(inner for inner in atoms[at + 1 : code[at]] if isinstance(inner, str)))
                at = code[at]
            elif isinstance(atom, str):
                self._text(atom)
            elif isinstance(atom, Blank):
                self._put("")
                self._pieces.blank(Blank(escape(atom.answer), atom.hint))
            elif isinstance(atom, Maths):
                self._maths(atom)
            else:
                self._sign(atom)
            at += 1
        return self._pieces.finished()

    def _put(self, markdown: str) -> None:
        """Write it, behind whatever is due before it."""
        if self._gap and not self._pieces.empty:
            self._pieces.between(self._gap)
        elif self._space and not self._start:
            self._pieces.text(" ")
        if self._bullet + markdown:
            self._pieces.text(self._bullet + markdown)
        self._gap, self._space, self._start, self._bullet = "", False, False, ""

    def _text(self, text: str) -> None:
        at = 0
        for found in SOUND.finditer(text):
            self._words(text[at : found.start()])
            self._put(found[0])
            at = found.end()
        self._words(text[at:])

    def _words(self, text: str) -> None:
        text = _SPACE.sub(" ", _UNSEEN.sub("", text))
        words = text.strip(" ")
        self._space = self._space or text.startswith(" ")
        if words:
            self._put(escape_start(escape(words)) if self._start else escape(words))
            self._space = text.endswith(" ")

    def _code(self, text: str) -> None:
        text = _UNSEEN.sub("", text).replace("\xa0", " ").strip()
        if _TAG_LIKE.search(text):
            self._words(text)
        elif text:
            longest = max((len(run) for run in re.findall("`+", text)), default=0)
            fence, pad = "`" * (longest + 1), " " * bool(longest)
            text = text.replace("|", "\\|") if self._cells is not None else text
            self._put(f"{fence}{pad}{text}{pad}{fence}")

    def _maths(self, maths: Maths) -> None:
        if not maths.inner:
            return
        dollars = "$$" if maths.display else "$"
        self._put(dollars)
        for atom in maths.inner:
            if isinstance(atom, str):
                self._pieces.text(tex(atom))
            elif isinstance(atom, Blank):
                self._pieces.blank(Blank(tex(atom.answer), atom.hint))
            else:
                self._pieces.mark(atom.value, atom.on)
        self._pieces.text(dollars)

    def _sign(self, sign: Sign) -> None:
        if sign.kind == "cloze":
            if sign.on and (self._bullet or (self._space and not self._start and not self._gap)):
                self._put("")
            self._pieces.mark(sign.value, sign.on)
        elif sign.kind in ("break", "block"):
            self._due(_PARAGRAPH if sign.kind == "block" or self._gap else _LINE)
        elif sign.kind in _MARKERS or sign.kind == "link":
            self._span(sign)
        elif sign.kind == "markdown":
            self._put(sign.value)
        elif sign.kind == "item":
            self._due(self._gap if self._gap == _PARAGRAPH else _NEXT)
            self._start, self._bullet = True, sign.value
        else:
            self._table(sign)

    def _due(self, gap: str) -> None:
        if self._cells is not None:
            self._space = True
        elif not self._bullet:
            self._gap, self._space, self._start = gap, False, True

    def _span(self, sign: Sign) -> None:
        if sign.on:
            self._put(_MARKERS.get(sign.kind, "["))
            self._start = True
        else:
            self._pieces.text(_MARKERS.get(sign.kind, f"]({sign.value})"))

    def _table(self, sign: Sign) -> None:
        if sign.kind == "cell" and sign.on and self._cells is not None:
            self._space = False
            self._put(" | " if self._cells else "| ")
            self._cells += 1
            self._start = True
        elif sign.kind in ("row", "table"):
            self._end_row()
            self._rows = 0 if sign.kind == "table" else self._rows
            self._due(_NEXT if sign.kind == "row" and self._rows else _PARAGRAPH)
            self._cells = 0 if sign.kind == "row" and sign.on else None

    def _end_row(self) -> None:
        if self._cells:
            self._pieces.text(" |")
            if not self._rows:
                self._pieces.text("\n|" + " --- |" * self._cells)
            self._rows += 1
        self._cells = None
