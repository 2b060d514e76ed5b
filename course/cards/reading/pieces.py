"""Text and blanks in turn, while they are written: what stands inside open clozes grows into blanks."""

from dataclasses import dataclass

from course.cards.reading.clozes import Cloze
from course.cloze.blanks import Blank


@dataclass
class _Growing:
    """The text between two marks: what the clozes open there hide."""

    inside: tuple[int, ...]
    text: str


class Pieces:
    """Collects text under the clozes that are open; `finished` gives it with the blanks made."""

    def __init__(self, clozes: list[Cloze]) -> None:
        self._clozes = clozes
        self._open: list[int] = []
        self._pieces: list[_Growing | Blank] = []

    @property
    def empty(self) -> bool:
        return not self._pieces

    def ends_with(self, text: str) -> bool:
        last = self._pieces[-1] if self._pieces else None
        return (last.text if isinstance(last, _Growing) else last.answer if last else "").endswith(text)

    def mark(self, index: str, on: bool) -> None:
        """A cloze opens, or the innermost closes."""
        if on:
            self._open.append(int(index))
        else:
            self._open[-1:] = []

    def text(self, text: str) -> None:
        last = self._pieces[-1] if self._pieces else None
        if isinstance(last, _Growing) and last.inside == tuple(self._open):
            last.text += text
        else:
            self._pieces.append(_Growing(tuple(self._open), text))

    def between(self, text: str) -> None:
        """Text that separates: hidden only when it stands inside what is hidden, not in front of it."""
        last = self._pieces[-1] if self._pieces else None
        if isinstance(last, _Growing) and last.inside == tuple(self._open):
            last.text += text
        else:
            self._pieces.append(_Growing((), text))

    def blank(self, blank: Blank) -> None:
        self._pieces.append(blank)

    def finished(self) -> list[str | Blank]:
        """The pieces; white space alone is never a blank."""
        out: list[str | Blank] = []
        for piece in self._pieces:
            made = piece if isinstance(piece, Blank) else self._made(piece)
            if isinstance(made, str) and out and isinstance(out[-1], str):
                out[-1] += made
            elif made:
                out.append(made)
        return out

    def _made(self, piece: _Growing) -> str | Blank:
        if not piece.inside or not piece.text.strip():
            return piece.text
        hiding = [self._clozes[index] for index in piece.inside]
        hint = "" if hiding[-1].hinted else hiding[-1].hint
        hiding[-1].hinted = True
        for cloze in hiding:
            cloze.shown = True
        return Blank(piece.text, hint, groups=tuple(sorted({number for cloze in hiding for number in cloze.groups})))
