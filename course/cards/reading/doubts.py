"""What is read as Anki reads it and is hardly meant so: clozes that end at a bracket of the code in them.

Anki ends a cloze at the first `}}` and takes what follows `::` for its hint, so `{{c1::x[::2]}}` hides `x[`.
The card on the student's screen says the same, so the answer stays; whoever imports the deck is told.
"""

import re
from collections.abc import Iterable, Iterator

from course.cards.deck import Code, Part
from course.cloze.blanks import Blank
from course.naming import line

_PAIRS = {")": "(", "]": "[", "}": "{"}
_STRING = re.compile(r"""("|')(?:(?!\1)[^\\\n]|\\.)*+\1""")
_LONGEST = 10_000  # of an answer that is looked into


def doubts(parts: Iterable[Part]) -> tuple[str, ...]:
    """A sentence for each answer whose brackets do not match."""
    return tuple(dict.fromkeys(_sentence(blank) for part in parts for blank in _doubtful(part)))


def _doubtful(part: Part) -> Iterator[Blank]:
    """Of code every such answer; of prose those whose other half stands right behind them or in their hint."""
    for piece, after in zip(part.pieces, (*part.pieces[1:], ""), strict=True):
        if isinstance(piece, Blank) and (half := _open(piece.answer)):
            rest = piece.hint + (after if isinstance(after, str) else "")[:2]
            if isinstance(part, Code) or any(sign in rest for sign in half):
                yield piece


def _open(answer: str) -> set[str]:
    """The brackets that the answer lacks, strings aside."""
    waiting: list[str] = []
    lacking: set[str] = set()
    for sign in _STRING.sub("", answer[:_LONGEST]):
        if sign in _PAIRS.values():
            waiting.append(sign)
        elif sign in _PAIRS:
            if waiting and waiting[-1] == _PAIRS[sign]:
                waiting.pop()
            else:
                lacking.add(_PAIRS[sign])
    closing = {opening: sign for sign, opening in _PAIRS.items()}
    return lacking | {closing[sign] for sign in waiting}


def _sentence(blank: Blank) -> str:
    hint = f" with the hint {line(blank.hint, longest=40)}" if blank.hint else ""
    return (
        f"the brackets of its answer {line(blank.answer, longest=40)}{hint} do not match: as in Anki, a cloze ends at "
        "the first }} and what follows :: is its hint; write a space between two braces, and &#58;&#58; for ::"
    )
