"""A field's HTML as a flat row of atoms: text, blanks, and the signs where something begins or ends."""

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser

from course.cards.reading.clozes import MARK, OPEN, Cloze, NoteError, hint_text
from course.cards.reading.media import link, picture
from course.cards.reading.tags import whole_tags
from course.cloze.blanks import Blank


@dataclass(frozen=True)
class Sign:
    """Where something begins (`on`), ends, or simply is.

    Kinds: `cloze` (value: its index), `break`, `block`, `pre`, `code`, `bold`, `italic`, `link` (value:
    its address), `power` (value: its sign), `item` (value: its bullet), `table`, `row`, `cell`, `delimiter`
    (of maths, by the value) and `markdown` (value: to be written as it is).
    """

    kind: str
    value: str = ""
    on: bool = True


Atom = str | Blank | Sign
_BLOCKS = re.compile(
    "p|div|section|article|header|footer|blockquote|h[1-6]|hr|dl|dt|dd|figure|figcaption|center|address|main|aside|summary"
)
_PAIRS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "code": "code",
    "tt": "code",
    "kbd": "code",
    "pre": "pre",
    "a": "link",
    "sup": "power",
    "sub": "power",
    "table": "table",
    "tr": "row",
    "td": "cell",
    "th": "cell",
}
_MATHS = "anki-mathjax"
_NAME = re.compile(r"(.*)_[0-9]{8}", re.DOTALL)
_QUOTED_IN_ITSELF = re.compile(r"""\sname\s*=\s*(['"])(.*?_[0-9]{8})\1(?=[\s/>])""", re.DOTALL | re.IGNORECASE)
_SKIPPED_CLASSES = frozenset(("linenos", "lineno", "linenodiv", "hljs-ln-numbers"))  # line numbers of highlighters
_DEEPEST = 3  # a rendered cloze in the answer of another


def atoms(source: str, clozes: list[Cloze], depth: int = 0) -> list[Atom]:
    """The atoms of marked HTML; rendered clozes are appended to `clozes`. NoteError for a blank without an answer."""
    reader = _Reader(clozes, depth)
    reader.feed(whole_tags(source))
    reader.close()
    return reader.atoms


class _Reader(HTMLParser):
    def __init__(self, clozes: list[Cloze], depth: int) -> None:
        super().__init__(convert_charrefs=True)
        self.atoms: list[Atom] = []
        self._clozes = clozes
        self._depth = depth
        self._skipped: list[str] = []  # open elements of the skipped one's name
        self._hidden = ""  # the text of what is skipped: for a rendered cloze "[hint]"
        self._rendered: Cloze | None = None
        self._lists: list[int] = []  # of each open list the last number, -1 without numbers
        self._maths: list[str] = []  # what closes the open formulas

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in reversed(attrs)}
        if self._skipped:
            self._skipped += [tag] * (tag == self._skipped[0])
        elif tag == "input":
            self._input(named)
        elif tag == "span" and "data-cloze" in named:
            self._rendered_cloze(named)
        elif tag == _MATHS:
            self._formula(named)
        elif _SKIPPED_CLASSES & set(named.get("class", "").split()) or (tag, named.get("class")) == ("a", "hint"):
            self._skipped = [tag]
        else:
            self._plain(tag, named)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # HTML knows no <div/>: it opens

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag == self._skipped[0]:
                self._skipped.pop()
                self._reveal()
        elif tag == _MATHS:
            self.atoms += [Sign("delimiter", closing) for closing in self._maths[-1:]]
            self._maths[-1:] = []
        elif tag in ("ul", "ol"):
            self._lists[-1:] = []
            self.atoms.append(Sign("block"))
        elif _BLOCKS.fullmatch(tag):
            self.atoms.append(Sign("block"))
        elif tag in _PAIRS:
            self.atoms.append(Sign(_PAIRS[tag], on=False))

    def handle_data(self, data: str) -> None:
        at = 0
        for found in MARK.finditer(data):
            self._text(data[at : found.start()])
            at = found.end()
            self.atoms.append(Sign("cloze", found[1] or "", on=found[0].startswith(OPEN)))
        self._text(data[at:])

    def _text(self, text: str) -> None:
        if self._skipped:
            self._hidden += text[:1000]
        elif text:
            self.atoms.append(text)

    def _input(self, named: dict[str, str]) -> None:
        found = _NAME.fullmatch(named.get("name", ""))
        if found is None and (raw := _QUOTED_IN_ITSELF.search(self.get_starttag_text() or "")):
            found = _NAME.fullmatch(html.unescape(raw[2]))
        if found is None:
            return
        if not found[1].strip():
            raise NoteError("it has a blank without an answer")
        self.atoms.append(Blank(found[1], hint_text(named.get("placeholder", ""))))

    def _formula(self, named: dict[str, str]) -> None:
        """The element in which Anki's editor keeps a formula, whole or drawn with its TeX beside it."""
        opening, closing = (r"\[", r"\]") if named.get("block", "false").lower() != "false" else (r"\(", r"\)")
        self.atoms.append(Sign("delimiter", opening))
        if "data-mathjax" in named:
            self.atoms += [named["data-mathjax"], Sign("delimiter", closing)]
            self._skipped = [_MATHS]
        else:
            self._maths.append(closing)

    def _rendered_cloze(self, named: dict[str, str]) -> None:
        if self._depth == _DEEPEST:
            raise NoteError(f"more than {_DEEPEST} rendered clozes are nested")
        numbers = [int(number) for number in re.findall("[0-9]{1,5}", named.get("data-ordinal", ""))]
        self._rendered = Cloze(tuple(dict.fromkeys(numbers)) or (1,))
        self._skipped, self._hidden = ["span"], ""
        self.atoms.append(Sign("cloze", str(len(self._clozes))))
        self._clozes.append(self._rendered)
        self.atoms.extend(atoms(named["data-cloze"], self._clozes, self._depth + 1))
        self.atoms.append(Sign("cloze", on=False))

    def _reveal(self) -> None:
        """Once a rendered cloze has ended: what stood in its brackets is its hint."""
        if self._rendered and not self._skipped:
            shown = self._hidden.strip().removeprefix("[").removesuffix("]").strip()
            self._rendered.hint = "" if shown == "..." else hint_text(html.escape(shown))
            self._rendered = None

    def _plain(self, tag: str, named: dict[str, str]) -> None:
        if tag == "br":
            self.atoms.append(Sign("break"))
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else -1)
            self.atoms.append(Sign("block"))
        elif tag == "li":
            self.atoms.append(Sign("item", self._bullet()))
        elif _BLOCKS.fullmatch(tag):
            self.atoms.append(Sign("block"))
            if named.get("class") == "hint":
                self.atoms.append("Hint: ")
        elif tag == "img":
            self.atoms.append(Sign("markdown", picture(named.get("src", ""), named.get("alt", ""))))
        elif tag in _PAIRS:
            value = link(named.get("href", "")) if tag == "a" else {"sup": "^", "sub": "_"}.get(tag, "")
            self.atoms.append(Sign(_PAIRS[tag], value))

    def _bullet(self) -> str:
        indent = "   " * max(0, len(self._lists) - 1)
        if not self._lists or self._lists[-1] < 0:
            return f"{indent}- "
        self._lists[-1] += 1
        return f"{indent}{self._lists[-1]}. "
