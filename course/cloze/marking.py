"""What the test cell of a cloze exercise calls: in a release it sees whether all is in place, at grading it compares.

    given = cloze.given(sgd_step, r\"\"\"for p in params: ...\"\"\")
    given.mark(cloze.blank("lr"), ...)     # among the hidden tests
    given.look()

A message quotes what was typed and says where to look, never what was expected.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from course.cloze import align, markup, tokens
from course.cloze.keyboard import typed_forms

_LONGEST = 60  # characters of a line or an answer that a message quotes
LOOK = "every blank is filled in; the answers are compared after you hand in"
CURLY = frozenset("“”‘’«»„")


@dataclass(frozen=True)
class Accepted:
    """What is right for one blank: the answers, the points, and the hint for who missed it."""

    answers: tuple[str, ...]
    points: float
    hint: str

    def takes(self, typed: str, where: tokens.Place) -> bool:
        """Whether one of the answers stands there."""
        typed = unicodedata.normalize("NFC", typed.strip())  # some keyboards type an accent as a sign of its own
        if typed == markup.UNFILLED:
            return False
        forms = [form for answer in self.answers for form in typed_forms(unicodedata.normalize("NFC", answer.strip()))]
        wanted = [text for form in forms for text in _read_as(form)]
        return any(tokens.same(text, answer, where) for text in _read_as(typed) for answer in wanted)


def blank(*answers: str, points: float = 1, hint: str = "") -> Accepted:
    """What is right for one blank."""
    return Accepted(answers, points, hint)


def given(text: object, template: str) -> "Sheet":
    """The sheet that came back, to be compared with the template that was given (markup without answers)."""
    return Sheet(text, template.removeprefix("\n").removesuffix("\n"))


class Sheet:
    """One student's cloze cell beside the template that it was made from."""

    def __init__(self, text: object, template: str) -> None:
        self._text = text
        self._pieces = markup.parse(template)
        self._segments = markup.segments(self._pieces)
        self._marked = False

    def mark(self, *wanted: Accepted) -> None:
        """One check a blank; ValueError when there is not one answer for each."""
        from course import checks

        if len(wanted) != len(self._segments) - 1:
            raise ValueError(f"{len(wanted)} answers for {len(self._segments) - 1} blanks")
        self._marked = True
        typed = self._typed(lambda number, text: wanted[number].takes(text, self._places[number]))
        for number, (text, accepted) in enumerate(zip(typed, wanted, strict=True)):
            with checks.check(self._label(number), points=accepted.points, hint=accepted.hint or None):
                if fault := self._fault(number, text, accepted):
                    raise checks.CheckFailed(fault)

    def look(self) -> None:
        """One check without points, unless already marked: does each blank hold something, and does its line stand?"""
        from course import checks

        if self._marked:
            return
        with checks.check(LOOK, points=0):
            typed = self._typed(lambda number, text: not tokens.is_unfilled(text))
            faults = [fault for number, text in enumerate(typed) if (fault := self._trouble(number, text, hint=True))]
            if faults:
                raise checks.CheckFailed("\n".join(dict.fromkeys(faults)))

    def _typed(self, accepts: align.Accepts) -> list[str | None]:
        if type(self._text) is not str:
            return [None] * (len(self._segments) - 1)
        return align.locate(self._segments, self._text, accepts)

    def _fault(self, number: int, typed: str | None, accepted: Accepted) -> str:
        """What is wrong with one blank, or nothing."""
        if typed is not None and accepted.takes(typed, self._places[number]):
            return ""
        trouble = self._trouble(number, typed)
        return trouble or f"you typed {_quoted(typed or '')}{_advice((typed or '').strip(), accepted.answers)}"

    def _trouble(self, number: int, typed: str | None, hint: bool = False) -> str:
        """What is wrong with one blank before any answer is looked at, or nothing."""
        row, line = self._rows[number]
        if type(self._text) is not str:
            return "there is no text: the cell above begins with its line %%cloze, and it must have run"
        if typed is None:
            return f"line {row + 2} was changed: put back {_quoted(line.strip())} and fill in its blanks"
        if tokens.is_unfilled(typed):
            said = markup.blanks(self._pieces)[number].hint if hint else ""
            return f"blank {number + 1} is empty, line {row + 2}: {_clipped(line.strip())}" + (
                f" ({_clipped(said)})" if said else ""
            )
        return ""

    def _label(self, number: int) -> str:
        """A blank by its number and its line, where the others are dots."""
        _, line = self._rows[number]
        first = next(n for n, (row, _) in enumerate(self._rows) if row == self._rows[number][0])
        parts = self._shown_line(self._rows[number][0])
        shown = parts[0]
        for place, part in enumerate(parts[1:]):
            shown += (markup.UNFILLED if first + place == number else "…") + part
        return f"blank {number + 1}: {_around(shown.strip())}" if line.strip() else f"blank {number + 1}"

    @cached_property
    def _rows(self) -> list[tuple[int, str]]:
        """The row (from 0) of each blank, and that line as released."""
        released = markup.released(self._pieces).split("\n")
        rows, row = [], 0
        for segment in self._segments[:-1]:
            row += segment.count("\n")
            rows.append((row, released[row]))
        return rows

    @cached_property
    def _places(self) -> list[tokens.Place]:
        return list(_places(self._segments))

    def _shown_line(self, row: int) -> list[str]:
        """The fixed parts of one line."""
        return "\0".join(self._segments).split("\n")[row].split("\0")


def _places(segments: list[str]) -> Iterator[tokens.Place]:
    before = ""
    for number, segment in enumerate(segments[:-1]):
        before += segment
        yield tokens.place(before, segments[number + 1] or markup.UNFILLED * (number + 2 < len(segments)))
        before += markup.UNFILLED


def _read_as(typed: str) -> Iterator[str]:
    """A text, and the same without the prompts of a transcript, which notebooks strip."""
    yield typed
    if re.match(r">>>|\.\.\.|In \[", typed) or "\n" in typed:
        yield "\n".join(re.sub(r"^\s*(?:>>>|\.\.\.)(?:\s|$)", "", line) for line in typed.split("\n")).strip()


def _advice(typed: str, answers: tuple[str, ...]) -> str:
    """Where to look, for slips that can be told without telling the answer."""
    if CURLY & set(typed):
        return "; these are curly quotes: type straight ones"
    if any(typed.casefold() == answer.strip().casefold() for answer in answers):
        return "; capital and small letters matter"
    if len(typed) > 4 * max(map(len, answers)) + 40:
        return "; that is far longer than what belongs there"
    if typed.count("(") != typed.count(")") and all(answer.count("(") == answer.count(")") for answer in answers):
        return "; its brackets do not match"
    if len(typed) > 1 and typed[0] == typed[-1] and typed[0] in "'\"" and typed[1:-1].strip() in answers:
        return "; look at the quotes around the blank"
    return "; look at what stands before and after the blank"


def _quoted(text: str) -> str:
    return f"`{_clipped(text)}`"


def _clipped(text: str) -> str:
    text = " ".join(text[: 20 * _LONGEST].split())
    text = "".join(sign if sign.isprintable() else "·" for sign in text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _around(line: str) -> str:
    """A line cut so that its blank stays in sight."""
    at = line.find(markup.UNFILLED)
    start = max(0, at - _LONGEST // 2) if len(line) > _LONGEST else 0
    return ("…" if start else "") + _clipped(line[start:])
