"""Native clozes, `{{c1::answer::hint}}`: found in a field's HTML and marked, so that it can be read around them.

They are taken as Anki takes them: before the HTML is read, one inside another, several numbers in one (`c1,2`), the
first `}}` closing the innermost, what follows `::` being its hint. What is written as an entity, or with a comment
in the middle, is neither a colon nor a brace.
"""

import html
import re
from dataclasses import dataclass

OPEN, NUMBER_END, CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"  # no characters: Unicode keeps them for a program's own use
MARK = re.compile(f"{OPEN}([0-9]+){NUMBER_END}|{CLOSE}")
DEEPEST = 10
_TOKEN = re.compile(r"\{\{c([0-9]{1,5}(?:,[0-9]{1,5})*)::|\}\}")
_TAG = re.compile(r"<[^<>]{0,1000}>")


class NoteError(ValueError):
    """Why a note cannot be read; the message is shown beside its number."""


@dataclass
class Cloze:
    """The numbers that hide it and its hint, in plain text; `shown` once something hidden by it was found.

    A hint is given once (`hinted`), however many blanks the cloze becomes.
    """

    groups: tuple[int, ...]
    hint: str = ""
    shown: bool = False
    hinted: bool = False


def unmarked(text: str) -> str:
    """The text without the characters that marks are made of."""
    return re.sub(f"[{OPEN}{NUMBER_END}{CLOSE}\0]", "\ufffd", text)


def mark(source: str) -> tuple[str, list[Cloze]]:
    """The HTML with each cloze between marks, and the clozes; NoteError when one is not closed or is not text."""
    out: list[str] = []
    clozes: list[Cloze] = []
    stack: list[Cloze] = []
    at = 0
    for token in _TOKEN.finditer(source):
        out.append(_own_text(source[at : token.start()], stack))
        at = token.end()
        if token[1]:
            cloze = Cloze(tuple(dict.fromkeys(int(number) for number in token[1].split(","))))
            _refuse(cloze, source[at : at + 20], len(stack))
            out.append(f"{OPEN}{len(clozes)}{NUMBER_END}")
            clozes.append(cloze)
            stack.append(cloze)
        elif stack:
            stack.pop()
            out.append(CLOSE)
        else:
            out.append(token[0])
    if stack:
        raise NoteError(f"its cloze c{stack[-1].groups[0]} is never closed: }}}} is missing")
    return "".join([*out, source[at:]]), clozes


def hint_text(source: str) -> str:
    """What a hint shows: tags left out, entities undone."""
    return " ".join(html.unescape(_TAG.sub("", source)).split())


def _own_text(text: str, stack: list[Cloze]) -> str:
    head, colons, tail = text.partition("::")
    if not (stack and colons):
        return text
    stack[-1].hint = hint_text(tail)
    return head


def _refuse(cloze: Cloze, following: str, depth: int) -> None:
    if depth == DEEPEST:
        raise NoteError(f"more than {DEEPEST} clozes are nested")
    if following.startswith("image-occlusion:"):
        raise NoteError(f"its cloze c{cloze.groups[0]} hides a part of a picture, not text")
