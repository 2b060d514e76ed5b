"""The text of a card as its author writes it: a little Markdown, maths between dollars, and clozes, read into a tree.

Of Markdown there is what cards need and no more: fenced code, `code`, **strong** and *emphasis* at the edges of words,
line breaks as typed, a backslash before a sign that stands for itself, and the entities of `<`, `>`, `&` and the
backslash. Everything else is text, since most cards quote code outside of backticks. Maths is `$…$` and `$$…$$`; a
dollar followed by a digit closes nothing. A cloze is `{{c1::answer}}` or `{{c1::answer::hint}}`; braces in its
answer are counted, so that a dict may stand in it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["code", "block", "inline", "display", "strong", "em", "escaped", "entity"]
FORMULAS = ("inline", "display")
_INLINE_KINDS: tuple[Kind, ...] = ("code", "escaped", "entity", "inline", "display", "strong", "em")
MOST = 499  # cloze numbers that Anki knows

_OPEN = re.compile(r"\{\{c(?P<numbers>\d+(?:,\d+)*)::")
_FENCE = re.compile(
    r"\n*^```[ \t]*(?P<language>[\w+-]*)[^\n`]*\n(?P<block>.*?)^```[ \t]*$\n*", re.MULTILINE | re.DOTALL
)
_INLINE = re.compile(
    r"""
    (?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)
    | \\(?P<escaped>[!-/:-@\[-`{-~])
    | (?P<entity>&(?:lt|gt|amp|\#92);)
    | \$\$(?P<display>(?!\s*\$)(?:(?!(?<!\\)\\\]).)+?)\$\$
    | (?<![$\w])\$(?P<inline>(?![\s$])(?:(?!(?<!\\)\\\))[^\n])+?)(?<![\s\\])\$(?![$\d])
    | (?<![\w*])\*\*(?P<strong>(?=[^\s*]).+?)(?<=[^\s*])\*\*(?![\w*])
    | (?<![\w*])\*(?P<em>(?=[^\s*])[^*]+?)(?<=[^\s*])\*(?![\w*])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Cloze:
    """A hidden part of the text, from `start` to `end`, with the numbers of the cards that hide it."""

    start: int
    end: int
    numbers: tuple[int, ...]
    hint: str = ""


@dataclass(frozen=True)
class Element:
    """A part of the text that is more than text: all of it, marks too, and what is inside the marks."""

    kind: Kind
    start: int
    end: int
    inner: int
    inner_end: int
    language: str = ""
    children: tuple["Element", ...] = ()


@dataclass(frozen=True)
class Text:
    """A card's text without the marks of its clozes, and where its elements and clozes lie; all of them nest."""

    text: str
    elements: tuple[Element, ...]
    clozes: tuple[Cloze, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the cards that a cloze text makes."""
        return tuple(sorted({number for cloze in self.clozes for number in cloze.numbers}))


def literal(text: str) -> str:
    """What an author writes so that the text stands on the card as it is."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def read(source: str, *, cloze: bool = False) -> Text:
    """The text in a tree; clozes are only looked for where `cloze` says so."""
    plain = _printable(source).strip()
    text, clozes = _clozes(plain) if cloze else (plain, [])
    elements = tuple(_blocks(text))
    for element in _all(elements):
        clozes = [part for whole in clozes for part in _nested(whole, element)]
    return Text(text, elements, tuple(sorted(clozes, key=lambda each: (each.start, -each.end))))


def widened(text: Text) -> Text:
    """The text with each cloze inside a formula grown to the whole formula, for a page that sets it in one piece."""
    formulas = [element for element in _all(text.elements) if element.kind in FORMULAS]

    def grown(cloze: Cloze) -> Cloze:
        inside = (each for each in formulas if each.inner <= cloze.start and cloze.end <= each.inner_end)
        return next((replace(cloze, start=each.start, end=each.end) for each in inside), cloze)

    return replace(text, clozes=tuple(grown(cloze) for cloze in text.clozes))


def _printable(source: str) -> str:
    """Without what no file or collection can hold: control characters and halves of pairs."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))


def _clozes(source: str) -> tuple[str, list[Cloze]]:
    """The text with the answers in place, and where they stand; an open mark that nothing closes is text."""
    kept, found, at = "", list[Cloze](), 0
    while (mark := _OPEN.search(source, at)) is not None:
        end = _closing(source, mark.end())
        numbers = tuple(int(number) for number in mark["numbers"].split(","))
        kept += source[at : mark.start()]
        if end is None or not all(1 <= number <= MOST for number in numbers):
            kept, at = kept + mark[0], mark.end()
            continue
        answer, hint = _hinted(source[mark.end() : end])
        inner, nested = _clozes(answer)
        found.append(Cloze(len(kept), len(kept) + len(inner), numbers, hint))
        found += [replace(each, start=each.start + len(kept), end=each.end + len(kept)) for each in nested]
        kept, at = kept + inner, end + 2
    return kept + source[at:], found


def _closing(source: str, start: int) -> int | None:
    """Where the marks that close a cloze stand: past balanced braces, or the first where they never balance."""
    depth = 0
    for at in range(start, len(source)):
        if depth == 0 and at > start and source.startswith("}}", at):
            return at
        if depth < 0:
            break
        depth += {"{": 1, "}": -1}.get(source[at], 0)
    first = source.find("}}", start + 1)
    return None if first < 0 else first


def _hinted(content: str) -> tuple[str, str]:
    """Answer and hint, parted by the last `::` outside of brackets and braces: an answer may be `x[::2]`."""
    depth = 0
    for at in range(len(content) - 1, 0, -1):
        depth += {"}": 1, "]": 1, "{": -1, "[": -1}.get(content[at], 0)
        if depth == 0 and content.startswith("::", at) and content[at - 1] != ":" and content[at + 2 :]:
            return content[:at], content[at + 2 :]
    return content, ""


def _blocks(text: str) -> Iterator[Element]:
    """Code blocks, and the elements of the lines between them."""
    at = 0
    for fence in _FENCE.finditer(text):
        yield from _inline(text, at, fence.start())
        inner, inner_end = fence.span("block")
        yield Element("block", *fence.span(), inner, max(inner, inner_end - 1), fence["language"])
        at = fence.end()
    yield from _inline(text, at, len(text))


def _inline(text: str, start: int, end: int) -> Iterator[Element]:
    for match in _INLINE.finditer(text, start, end):
        kind = next(name for name in _INLINE_KINDS if match[name] is not None)
        inner, inner_end = match.span(kind)
        if kind == "code" and len(match[kind]) > 2 and match[kind].startswith(" ") and match[kind].endswith(" "):
            inner, inner_end = inner + 1, inner_end - 1
        children = tuple(_inline(text, inner, inner_end)) if kind in ("strong", "em") else ()
        yield Element(kind, *match.span(), inner, inner_end, children=children)


def _all(elements: tuple[Element, ...]) -> Iterator[Element]:
    for element in elements:
        yield element
        yield from _all(element.children)


def _nested(cloze: Cloze, element: Element) -> list[Cloze]:
    """The cloze as it is where it holds the element, lies in it or beside it; else cut at the element's edges."""
    if cloze.end <= element.start or element.end <= cloze.start:
        return [cloze]
    if (cloze.start <= element.start and element.end <= cloze.end) or (
        element.inner <= cloze.start and cloze.end <= element.inner_end
    ):
        return [cloze]
    spans = ((0, element.start), (element.inner, element.inner_end), (element.end, cloze.end))
    cut = [(max(cloze.start, start), min(cloze.end, end)) for start, end in spans]
    return [replace(cloze, start=start, end=end) for start, end in cut if start < end]
