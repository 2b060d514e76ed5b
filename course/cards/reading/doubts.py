"""What is read as Anki reads it and is hardly meant so: clozes that end at a bracket or a `::` of the code in them.

Anki ends a cloze at the first `}}` and takes what follows `::` for its hint, so `{{c1::x[::2]}}` hides `x[` and
`{{c1::std::vector}}` hides `std`. The card on the student's screen says the same, so the answer stays; whoever imports
the deck is told.
"""

import re
from collections.abc import Iterable, Iterator

from course.cards.deck import Code, Part
from course.cloze.blanks import Blank
from course.naming import line

_PAIRS = {")": "(", "]": "[", "}": "{"}
_STRING = re.compile(r"""("|')(?:(?!\1)[^\\\n]|\\.)*+\1""")
_LONGEST = 10_000  # of an answer that is looked into
# Names with `::` in them, as C++, Rust, Perl, Ruby, PHP and R write them.
_SCOPED = re.compile(r"\w::~?[A-Za-z_]")
_ENDS_IN_A_NAME = re.compile(r"(?:^|[^\w:])(\w+)(?:<[^<>]*>)?$")
_NAME = re.compile(r"~?[A-Za-z_]\w*")
_GOES_ON = re.compile(r"~?[A-Za-z_]\w*(?:::|!?[(\[]|[<{;]|\.\w+\()")
_ROOTS = frozenset(("std", "boost", "crate", "Vec"))
_USES = re.compile(r"\b(?:use|using(?: namespace)?|require|library\()\s*$")


def doubts(parts: Iterable[Part]) -> tuple[str, ...]:
    """A sentence for each answer whose brackets do not match, or whose hint seems to be the rest of it."""
    return tuple(dict.fromkeys(sentence for part in parts for sentence in _doubtful(part)))


def _doubtful(part: Part) -> Iterator[str]:
    """Of code every such answer; of prose those whose other half stands right behind them or in their hint."""
    before, text = "", "".join(piece for piece in part.pieces if isinstance(piece, str))
    for piece, after in zip(part.pieces, (*part.pieces[1:], ""), strict=True):
        if isinstance(piece, str):
            before = piece
            continue
        half = _open(piece.answer)
        rest = piece.hint + (after if isinstance(after, str) else "")[:2]
        if half and (isinstance(part, Code) or any(sign in rest for sign in half)):
            yield _of_brackets(piece)
        elif _is_one_name(piece, before, text):
            yield _of_a_name(piece)
        before = ""


def _is_one_name(blank: Blank, before: str, text: str) -> bool:
    """Whether answer and hint seem to be one name in two, such as `std::vector`, and not a name and a word about it.

    A hint of one word could be either: then such names elsewhere in the text, or what leads to this one, decide.
    """
    answer, hint = blank.answer[-_LONGEST:], blank.hint
    if not (end := _ENDS_IN_A_NAME.search(answer)):
        return False
    if _GOES_ON.match(hint):
        return True
    told = end[1] in _ROOTS or _USES.search(before[-40:]) or _SCOPED.search(text[:_LONGEST])
    return bool(_NAME.fullmatch(hint) and told)


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


def _of_brackets(blank: Blank) -> str:
    hint = f" with the hint {line(blank.hint, longest=40)}" if blank.hint else ""
    return (
        f"the brackets of its answer {line(blank.answer, longest=40)}{hint} do not match: as in Anki, a cloze ends at "
        "the first }} and what follows :: is its hint; write a space between two braces, and &#58;&#58; for ::"
    )


def _of_a_name(blank: Blank) -> str:
    return (
        f"its answer {line(blank.answer, longest=40)} and its hint {line(blank.hint, longest=40)} look like one name: "
        "as in Anki, what follows :: is the hint; write &#58;&#58; for ::"
    )
