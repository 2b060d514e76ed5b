"""A card's text as HTML: for Anki, with MathJax and cloze marks, or for a page of ours, with MathML.

All text is escaped. In a field, Anki also reads marks of its own in plain text (`{{`, `}}`, `::` within a cloze,
`[sound:`, `\\(`); where the author's text holds such a thing, an empty comment or span parts it, which survives
Anki's editor. TeX is parted by a space, which means nothing there.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

from course.cards.markup import FORMULAS, Cloze, Element, Text, widened
from course.report.formulas import mathml

Target = Literal["anki", "question", "answer"]
LANGUAGE = "python"
_PLAIN = {"", "n", "o", "p", "w", "err", "esc"}  # classes of tokens that look like their surroundings
_TAGS = {"strong": ("<strong>", "</strong>"), "em": ("<em>", "</em>"), "escaped": ("", ""), "entity": ("", "")}
_TAGS |= {"code": ('<code class="hl">', "</code>"), "block": ('<pre class="hl"><code>', "</code></pre>")}
_TAGS |= {"inline": (r"\(", r"\)"), "display": (r"\[", r"\]")}
_MARKS = re.compile(r"\{(?=\{)|\}(?=\})|:(?=:)|\[(?=sound:|anki:|latex\]|\$)", re.IGNORECASE)
_MATHJAX = re.compile(r"\\(?=[()\[\]])")
_NOTHING = "<!-- -->"


def field_of(text: Text) -> str:
    """The text as a field of an Anki note."""
    return _Writer(text, "anki").html()


def question_of(text: Text) -> str:
    """The text for a page, every cloze hidden behind its hint."""
    return _Writer(widened(text), "question").html()


def answer_of(text: Text) -> str:
    """The text for a page, every cloze marked."""
    return _Writer(widened(text), "answer").html()


@dataclass
class _Writer:
    """Walks a text from left to right; `pieces` holds what is written, each with what it is."""

    text: Text
    target: Target
    pieces: list[tuple[str, str]] = field(default_factory=list)
    open: list[Cloze] = field(default_factory=list)

    def html(self) -> str:
        """All of the text."""
        self.waiting = list(self.text.clozes)
        self._walk(self.text.elements, 0, len(self.text.text))
        return _joined(self.pieces) if self.target == "anki" else "".join(said for _, said in self.pieces)

    def _walk(self, elements: tuple[Element, ...], start: int, end: int) -> None:
        at = start
        for element in elements:
            self._prose(at, element.start)
            self._element(element)
            at = element.end
        self._prose(at, end)

    def _element(self, element: Element) -> None:
        opening, closing = _TAGS[element.kind]
        if element.kind in FORMULAS and self.target != "anki":
            self._write("tag", self._formula(element))
            return
        if element.kind == "entity":
            self._write("text", html.unescape(self.text.text[element.start : element.end]))
            return
        self._write("tag", opening)
        if element.kind in ("code", "block"):
            self._code(element)
        elif element.kind in FORMULAS:
            self._leaf("tex", element.inner, element.inner_end)
        else:
            self._walk(element.children, element.inner, element.inner_end)
        self._write("tag", closing)

    def _formula(self, element: Element) -> str:
        tex = self.text.text[element.inner : element.inner_end]
        if element.kind == "inline":
            return mathml(tex)
        return f'<div class="formula">{mathml(tex, "block")}</div>'

    def _prose(self, start: int, end: int) -> None:
        for line in re.finditer(r"\n|[^\n]+", self.text.text[start:end]):
            if line[0] == "\n":
                self._marks(start + line.start())
                self._write("tag", "<br>\n")
            else:
                self._leaf("text", start + line.start(), start + line.end())
        self._marks(end)

    def _code(self, element: Element) -> None:
        at = element.inner
        for name, value in _tokens(self.text.text[at : element.inner_end], element.language):
            self._leaf("text", at, at + len(value), name)
            at += len(value)

    def _leaf(self, kind: str, start: int, end: int, name: str = "") -> None:
        """A stretch of text of one look, cut where clozes begin and end."""
        edges = {edge for cloze in self.text.clozes for edge in (cloze.start, cloze.end) if start < edge < end}
        for at, to in pairwise([start, *sorted(edges), end]):
            self._marks(at)
            said = self.text.text[at:to]
            if name and said.strip():
                self._write("tag", f'<span class="{name}">')
                self._write(kind, said)
                self._write("tag", "</span>")
            else:
                self._write(kind, said)
        self._marks(end)

    def _marks(self, at: int) -> None:
        """The marks of the clozes that end or begin here."""
        while self.open and self.open[-1].end <= at:
            self._close(self.open.pop())
        while self.waiting and self.waiting[0].start <= at:
            cloze = self.waiting.pop(0)
            if self.target == "anki":
                self._write("mark", "{{c" + ",".join(map(str, cloze.numbers)) + "::")
            elif self.target == "answer":
                self._write("tag", "<mark>")
            elif not self.open:
                self._write("tag", f'<span class="blank">[{html.escape(cloze.hint) or "…"}]</span>')
            self.open.append(cloze)

    def _close(self, cloze: Cloze) -> None:
        if self.target == "anki":
            if cloze.hint:
                self._write("mark", "::")
                self._write("text", cloze.hint)
            self._write("mark", "}}")
        elif self.target == "answer":
            self._write("tag", "</mark>")

    def _write(self, kind: str, said: str) -> None:
        if self.target == "question" and self.open:
            return  # hidden
        escaped = said if kind in ("tag", "mark") else html.escape(said, quote=False)
        self.pieces.append((kind, escaped))


def _tokens(code: str, language: str) -> Iterator[tuple[str, str]]:
    """The code in pieces with their highlighting class; as one piece where the language is not known."""
    try:
        lexer = get_lexer_by_name(language or LANGUAGE, stripnl=False, stripall=False, ensurenl=False)
        found = [(STANDARD_TYPES.get(kind, ""), value) for kind, value in lex(code, lexer) if value]
    except ClassNotFound:
        found = []
    if "".join(value for _, value in found) != code:
        found = [("", code)]
    for name, value in found:
        yield "" if name in _PLAIN else name, value


def _joined(pieces: list[tuple[str, str]]) -> str:
    """The pieces in a row, with what parts the author's text from Anki's marks."""
    merged: list[list[str]] = []
    for kind, said in pieces:
        if merged and merged[-1][0] == kind:
            merged[-1][1] += said
        elif said:
            merged.append([kind, said])
    written = ""
    for (kind, said), (after, _) in pairwise([*merged, ["", ""]]):
        if kind in ("text", "tex"):
            nothing = " " if kind == "tex" else _NOTHING
            said = _MARKS.sub(lambda mark, nothing=nothing: mark[0] + nothing, said)  # type: ignore[misc]
            said = _MATHJAX.sub(r"<span>\\</span>", said) if kind == "text" else said
            said += nothing if after == "mark" and said[-1] in "{:}" else ""
        written += said
    return written
