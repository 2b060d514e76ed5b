"""Blanks marked within code: `{{answer}}`, `{{answer||as good::hint}}`; the rest is the code as it stands.

Backslashes are plain but for a run of them directly before `{` (between blanks) or before `}`, `|` or `:` (in a
blank): there each pair stands for one, and an odd one takes the sign's meaning away. So `f"\\{{x}}"` holds no blank.
"""

import re
from collections.abc import Iterable, Sequence

from course.cloze.blanks import Blank

Piece = str | Blank
UNFILLED = "____"

_OPENING = re.compile(r"(?P<slashes>(?<!\\)\\*)(?P<sign>\{)")
_INSIDE = re.compile(r"(?P<slashes>(?<!\\)\\*)(?P<sign>[}|:])")


class MarkupError(ValueError):
    """Markup that cannot be read; `row` counts the line from 0."""

    def __init__(self, row: int, text: str) -> None:
        super().__init__(text)
        self.row = row


def parse(markup: str) -> tuple[Piece, ...]:
    """The code as text and blanks in turn; MarkupError for a blank that is never closed."""
    pieces: list[Piece] = []
    fixed, start = "", 0
    while match := _OPENING.search(markup, start):
        slashes = len(match["slashes"])
        fixed += markup[start : match.start()] + "\\" * (slashes // 2)
        start = match.end()
        if slashes % 2 or not markup.startswith("{", start):
            fixed += "{"
            continue
        if fixed:
            pieces.append(fixed)
        blank, start = _blank(markup, start + 1)
        pieces.append(blank)
        fixed = ""
    fixed += markup[start:]
    return (*pieces, fixed) if fixed else tuple(pieces)


def write(pieces: Iterable[Piece]) -> str:
    """The markup that `parse` reads back as these pieces."""
    parts = list(_merged(pieces))
    written = []
    for place, piece in enumerate(parts):
        if isinstance(piece, Blank):
            answers = "||".join(map(_protected, (piece.answer, *piece.alternatives)))
            written.append("{{" + answers + (f"::{_protected(piece.hint)}" if piece.hint else "") + "}}")
        else:
            written.append(_fixed(piece, before_blank=place + 1 < len(parts)))
    return "".join(written)


def filled(pieces: Iterable[Piece]) -> str:
    """The code with its answers."""
    return "".join(piece.answer if isinstance(piece, Blank) else piece for piece in pieces)


def released(pieces: Iterable[Piece]) -> str:
    """The code with `____` for each answer."""
    return "".join(UNFILLED if isinstance(piece, Blank) else piece for piece in pieces)


def blanks(pieces: Iterable[Piece]) -> tuple[Blank, ...]:
    """The blanks among the pieces."""
    return tuple(piece for piece in pieces if isinstance(piece, Blank))


def segments(pieces: Sequence[Piece]) -> list[str]:
    """The fixed text before, between and after the blanks: always one more than there are blanks."""
    found = [""]
    for piece in pieces:
        if isinstance(piece, Blank):
            found.append("")
        else:
            found[-1] += piece
    return found


def _blank(markup: str, start: int) -> tuple[Blank, int]:
    """The blank whose inside begins at `start`, and where the text after it begins."""
    parts, part, hint_at, at = [], "", 0, start
    while match := _INSIDE.search(markup, at):
        slashes, sign = len(match["slashes"]), match["sign"]
        part += markup[at : match.start()] + "\\" * (slashes // 2)
        at = match.end()
        double = slashes % 2 == 0 and markup.startswith(sign, at)
        if double and sign == "}":
            parts.append(part)
            hint = parts.pop() if hint_at else ""
            return Blank(parts[0], hint, tuple(parts[1:])), at + 1
        if double and not hint_at:
            parts.append(part)
            part, at = "", at + 1
            hint_at = at if sign == ":" else 0
        else:
            part += sign
    raise MarkupError(markup.count("\n", 0, start), "a blank `{{` is never closed: end it with `}}`, or write `\\{{`")


def _fixed(text: str, before_blank: bool) -> str:
    """Text between blanks, with the braces marked that would open one."""

    def mark(match: re.Match[str]) -> str:
        last = match.end() == len(text)
        opens = (last and before_blank) or text.startswith("{", match.end())
        return "\\" * (2 * len(match["slashes"])) + ("\\{" if opens else "{")

    marked = _OPENING.sub(mark, text)
    loose = len(text) - len(text.rstrip("\\"))
    return marked + "\\" * loose if before_blank else marked


def _protected(text: str) -> str:
    """A part of a blank, with the signs marked that would end it."""

    def mark(match: re.Match[str]) -> str:
        at, sign = match.end(), match["sign"]
        edge = at == len(text) or at == 1
        doubled = text.startswith(sign, at) or (at > 1 and text[at - 2] == sign)
        return "\\" * (2 * len(match["slashes"])) + ("\\" + sign if edge or doubled else sign)

    marked = _INSIDE.sub(mark, text)
    return marked + "\\" * (len(text) - len(text.rstrip("\\")))


def _merged(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """The pieces with neighbouring texts made one and empty ones left out."""
    text = ""
    for piece in pieces:
        if isinstance(piece, Blank):
            if text:
                yield text
            yield piece
            text = ""
        else:
            text += piece
    if text:
        yield text
