"""Where each blank's text is in what came back: the fixed text around the blanks is found again, white space aside.

The whole cell is tried first, then without comments. When a line was rewritten, the lines that are still there (each
of them once) hold the cell together, and only blanks between them and the rewritten one are lost. Where the fixed text
fits in several ways, such as a comma that an answer also holds, that reading counts in which most blanks are right.

Nothing here backtracks: every search runs forward over a text of limited length, and the readings are limited too.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

Accepts = Callable[[int, str], bool]  # whether this text is right for the blank of that number

_GAP = "\0"  # stands for a blank
_PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.:?|In \[\d{1,6}\]:)(?=\s|\Z)")
_PROMPTS = 4  # prompts right behind blanks that are tried both ways
_READINGS = 16  # places tried for one piece of fixed text
_ROOM = 20_000  # characters that may come back beside twenty for each that was given


@dataclass(frozen=True)
class _Piece:
    """Fixed text between two blanks without its white space; whether that stood at its edges."""

    signs: str
    free_before: bool
    free_after: bool


@dataclass(frozen=True)
class _Text:
    """A text without its white space and prompts, and where each sign stood."""

    raw: str
    signs: str
    at: Sequence[int]

    def between(self, start: int, stop: int) -> str:
        """The raw text of the signs from `start` to before `stop`; of none, what is between their neighbours."""
        if start < stop:
            return self.raw[self.at[start] : self.at[stop - 1] + 1]
        first = self.at[start - 1] + 1 if start else 0
        return self.raw[first : self.at[stop] if stop < len(self.at) else len(self.raw)]


def locate(segments: Sequence[str], text: str, accepts: Accepts) -> list[str | None]:
    """What stands in each blank, in order; None where the text around it is not there any more.

    Args:
        segments: the fixed text before, between and after the blanks.
    """
    template = _GAP.join(segments)
    text = re.sub("\r\n?", "\n", text.replace(_GAP, " "))
    if len(text) > _ROOM + 20 * len(template):
        return [None] * (len(segments) - 1)
    found = _fitted(template, text, accepts, 0)
    return found if found is not None else _by_lines(template.split("\n"), text.split("\n"), accepts)


def without_comment(line: str) -> str:
    """A line without the comment at its end."""
    quote, escaped = "", False
    for place, sign in enumerate(line):
        if escaped:
            escaped = False
        elif sign == "\\" and quote:
            escaped = True
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "#":
            return line[:place]
    return line


def _by_lines(template: list[str], lines: list[str], accepts: Accepts) -> list[str | None]:
    """The same where the whole does not fit: held together by the lines that are there once."""
    first = [0]  # the number of each row's first blank
    for wanted in template:
        first.append(first[-1] + wanted.count(_GAP))
    found: list[str | None] = [None] * first[-1]
    anchors = _anchors(template, lines, accepts)
    for (row, line), (next_row, next_line) in pairwise([(-1, -1), *anchors, (len(template), len(lines))]):
        spans = [(row + 1, next_row, line + 1, next_line)]
        if row >= 0:
            spans.append((row, row + 1, line, line + 1))
        for top, bottom, start, stop in spans:
            count = first[bottom] - first[top]
            if count:
                part = _fitted("\n".join(template[top:bottom]), "\n".join(lines[start:stop]), accepts, first[top])
                found[first[top] : first[bottom]] = part or [None] * count
    return found


def _anchors(template: list[str], lines: list[str], accepts: Accepts) -> list[tuple[int, int]]:
    """Rows of the template with the one line that fits each and fits no other, in rising order of both."""
    if len(lines) > 4 * len(template) + 200:
        return []
    fits: dict[int, list[int]] = {}
    for row, wanted in enumerate(template):
        if re.search(r"\w", wanted):
            fits[row] = [n for n, line in enumerate(lines) if _fitted(wanted, line, accepts, None) is not None]
    owners = [line for places in fits.values() for line in places]
    pairs = [(row, places[0]) for row, places in fits.items() if len(places) == 1 and owners.count(places[0]) == 1]
    best: list[list[tuple[int, int]]] = []
    for pair in pairs:
        before = max((chain for chain in best if chain[-1][1] < pair[1]), key=len, default=[])
        best.append([*before, pair])
    return max(best, key=len, default=[])


def _fitted(template: str, text: str, accepts: Accepts, number: int | None) -> list[str | None] | None:
    """What stands in the template's blanks, the first of which has this number; None when the text does not fit.

    With no number, whether it fits is all that is asked, and any reading will do.
    """
    found = _read(template, text, accepts, number)
    if found is None and "#" in text:
        bare = "\n".join(map(without_comment, template.split("\n")))
        if bare.count(_GAP) == template.count(_GAP):
            found = _read(bare, "\n".join(map(without_comment, text.split("\n"))), accepts, number)
    return found


def _read(template: str, raw: str, accepts: Accepts, number: int | None) -> list[str | None] | None:
    text = _squeezed(raw)
    readings = (_placed(pieces, text, accepts, number) for pieces in _pieces(template))
    fits = [found for found in readings if found is not None]
    if len(fits) < 2 or number is None:
        return [*fits[0]] if fits else None
    return [*max(fits, key=lambda found: sum(accepts(number + place, typed) for place, typed in enumerate(found)))]


def _placed(pieces: list[_Piece], text: _Text, accepts: Accepts, number: int | None) -> list[str] | None:
    """What stands between the pieces; None when the text does not hold them all in this order."""
    if len(pieces) == 1:
        return [] if text.signs == pieces[0].signs else None
    if not text.signs.startswith(pieces[0].signs) or not _is_free(pieces[0], 0, text, before=False):
        return None
    last = len(text.signs) - len(pieces[-1].signs)
    if last < len(pieces[0].signs) or not text.signs.endswith(pieces[-1].signs):
        return None
    if not _is_free(pieces[-1], last, text, after=False):
        return None
    places = _places(pieces, text, last)
    if places is None:
        return None
    chosen = _chosen(pieces, places, text, accepts, number)
    spans = zip(pieces, pairwise(chosen), strict=False)
    return [text.between(start + len(piece.signs), stop) for piece, (start, stop) in spans]


def _pieces(template: str) -> Iterator[list[_Piece]]:
    """The fixed text between the blanks, once for each way that the prompts right behind blanks may count.

    Such a prompt is layout when the answer before it ends its line, else a part of the code.
    """
    parts = template.split(_GAP)
    open_ended = [place for place, part in enumerate(parts) if place and _PROMPT.match(part)][:_PROMPTS]
    for dropped in product((False, True), repeat=len(open_ended)):
        starts = {0} | {place for place, drop in zip(open_ended, dropped, strict=True) if drop}
        signs = [_squeezed(part, whole_line=place in starts).signs for place, part in enumerate(parts)]
        yield [_Piece(sign, part[:1].isspace(), part[-1:].isspace()) for sign, part in zip(signs, parts, strict=True)]


def _squeezed(raw: str, whole_line: bool = True) -> _Text:
    """The text without white space and without the prompts that its lines begin with."""
    skipped = 0
    signs, at = [], []
    starts = whole_line
    for place, sign in enumerate(raw):
        if starts and place >= skipped and (prompt := _PROMPT.match(raw, place)):
            skipped = prompt.end()
        starts = sign == "\n"
        if place >= skipped and not sign.isspace():
            signs.append(sign)
            at.append(place)
    return _Text(raw, "".join(signs), at)


def _places(pieces: list[_Piece], text: _Text, last: int) -> list[list[int]] | None:
    """Where each piece may stand so that all others find room; None when they do not."""
    inner = pieces[1:-1]
    lowest = []
    start = len(pieces[0].signs)
    for piece in inner:
        at = _next(piece, text, start, last)
        if at is None:
            return None
        lowest.append(at)
        start = at + len(piece.signs)
    places: list[list[int]] = [[last]]
    stop = last
    for piece, low in zip(reversed(inner), reversed(lowest), strict=True):
        options = _all(piece, text, low, stop)
        if not options:
            return None
        places.append(options)
        stop = max(options)
    return [[0], *reversed(places)]


def _all(piece: _Piece, text: _Text, low: int, stop: int) -> list[int]:
    """The first places of a piece from `low` on, and the last, before `stop`."""
    found: list[int] = []
    at = _next(piece, text, low, stop)
    while at is not None and len(found) < _READINGS:
        found.append(at)
        at = _next(piece, text, at + 1, stop)
    back = stop - len(piece.signs)
    for _ in range(_READINGS if at is not None else 0):
        back = text.signs.rfind(piece.signs, low, back + len(piece.signs))
        if back < 0 or back in found:
            break
        if _is_free(piece, back, text):
            found.append(back)
        back -= 1
    return sorted(found)


def _next(piece: _Piece, text: _Text, start: int, stop: int) -> int | None:
    """The first place of the piece from `start` on that ends by `stop`."""
    at = text.signs.find(piece.signs, start, stop)
    while at >= 0 and not _is_free(piece, at, text):
        at = text.signs.find(piece.signs, at + 1, stop)
    return at if at >= 0 else None


def _is_free(piece: _Piece, at: int, text: _Text, before: bool = True, after: bool = True) -> bool:
    """Whether the piece, standing there, is not a part of a word where it was none as given."""
    if not piece.signs:
        return True
    first, last = text.at[at], text.at[at + len(piece.signs) - 1]
    if before and piece.free_before and _joins(text.raw[first - 1 : first + 1]):
        return False
    return not (after and piece.free_after and _joins(text.raw[last : last + 2]))


def _joins(pair: str) -> bool:
    return len(pair) == 2 and all(sign.isalnum() or sign == "_" for sign in pair)


def _chosen(
    pieces: list[_Piece], places: list[list[int]], text: _Text, accepts: Accepts, number: int | None
) -> list[int]:
    """One place for each piece: the reading with the most blanks right, of equals the one that ends them soonest."""
    ways: dict[int, tuple[int, list[int]]] = {0: (0, [0])}
    for index, options in enumerate(places[1:]):
        ahead: dict[int, tuple[int, list[int]]] = {}
        known = len(ways) == 1 == len(options) or number is None
        for option in options:
            for start, (score, path) in ways.items():
                end = start + len(pieces[index].signs)
                if end > option:
                    continue
                right = not known and accepts((number or 0) + index, text.between(end, option))
                if option not in ahead or score + right > ahead[option][0]:
                    ahead[option] = (score + right, [*path, option])
        ways = ahead
    return max(ways.values(), key=lambda way: way[0])[1]
