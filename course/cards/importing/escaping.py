"""Text of a deck in a Markdown cell of lesson.py, so that it is text there and nothing else.

The reader has escaped what its HTML said; this holds for any text. No `<` is left, so there is no tag; links lead to
pages, pictures to files that were copied; no line is a cell's header, a heading, a folded hint, a fence or a marker.
"""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from course.cards.markdown import escape, plain
from course.naming import line

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f\ud800-\udfff\ufeff]")
_MARKERS = re.compile(r"\b(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
_MATHS = re.compile(r"(?<!\\)(?:\$\$[^$]{1,5000}\$\$|\$[^$\n]{1,2000}\$)")
_LINKS = re.compile(
    r"!\[(?P<alt>[^\[\]\n]{0,300})\]\((?P<name>[^()\s]{1,800})\)"
    r"|\]\((?P<address>https?://[^\s()<>\"'\\]{1,2000})\)"
    r"|\](?P<opening>[(:])"
)
_CLOSING = re.compile(r"(?:^|(?<= ))#+$")  # Markdown takes signs at a heading's end for a part of its mark
_NOT_WORDS = re.compile(r"!\[[^\[\]]{0,300}\]\([^()]{0,1000}\)|\[sound:[^\[\]]{0,255}\]")
_ROOM = 2000  # characters at the beginning of a text that a title is made of
_LIST = re.compile(r"(?:[-*+]|\d{1,9}[.)]) ")
_STARTS = re.compile(r"(?P<sign>%%|#|```|~~~|hint: )")
_RISKY = re.compile(r"%%|#+\s*Exercise\b|hint: ")
_ENTITIES = {"%%": "&#37;%", "#": "\\#", "```": "&#96;``", "~~~": "&#126;~~", "hint: ": "hint&#58; "}


def tidy(text: str) -> str:
    """The text with every line break a plain one, and without what cannot be printed."""
    return _CONTROLS.sub("\ufffd", _BREAKS.sub("\n", text))


def prose(markdown: str, pictures: Mapping[str, str]) -> list[str]:
    """The lines of Markdown that show the text; `pictures` has the path of each picture that can be shown."""
    text = tidy(markdown)
    parts, start = [], 0
    for match in _MATHS.finditer(text):
        parts += [_linked(text[start : match.start()], pictures), _in_maths(match[0])]
        start = match.end()
    parts.append(_linked(text[start:], pictures))
    return [_line(line) for line in "".join(parts).strip("\n").split("\n")]


def heading(name: str, otherwise: str = "") -> str:
    """A name in one line of Markdown that shows it; `otherwise` where there is nothing to be seen in it."""
    shown = _CLOSING.sub(lambda signs: signs[0].replace("#", "\\#"), escape(line(tidy(name), otherwise)))
    return _MARKERS.sub(r"\1&#32;\2", shown)


def title(markdown: str, longest: int = 70) -> str:
    """A short heading made of the beginning of some Markdown; empty when there is nothing to make it of."""
    first = next((line for line in tidy(markdown).split("\n") if line.strip(" |-")), "")
    words = " ".join(_NOT_WORDS.sub("", first[:_ROOM]).split())
    if "$" in words:
        return _linked_title(words) if len(words) <= longest and not words.count("$") % 2 else ""
    return heading(line(re.sub(r"[*`|]", "", plain(words)), longest=longest))


def fenced(code: str) -> list[str]:
    """Code as it stands, in a fence that nothing in it can close."""
    lines = [line.rstrip().expandtabs(4) for line in tidy(code).strip("\n").split("\n")]
    lines = [_MARKERS.sub(r"\1  \2", line) for line in lines]
    if any(map(_RISKY.match, lines)):
        lines = [f" {line}".rstrip() for line in lines]
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", "\n".join(lines))), default=0))
    return [f"{fence}python", *lines, fence]


def _linked_title(words: str) -> str:
    return " ".join(prose(words, {}))


def _linked(text: str, pictures: Mapping[str, str]) -> str:
    """Text between formulas: no tag, and no link or picture but known ones."""

    def link(match: re.Match[str]) -> str:
        if match["opening"]:
            return "]&#40;" if match["opening"] == "(" else "]&#58;"
        if match["address"]:
            return match[0]
        name = unquote(match["name"])
        if name in pictures:
            return f"![{match['alt']}]({pictures[name]})"
        return f"&#40;picture: {escape(tidy(name))})"  # a bracket after a `]` would make a link

    return _MARKERS.sub(r"\1&#32;\2", _LINKS.sub(link, text.replace("<", "&lt;")))


def _in_maths(formula: str) -> str:
    marked = formula.replace("<", "\\lt ").replace(">", "\\gt ")
    return _MARKERS.sub(r"\1\\ \2", marked)


def _line(line: str) -> str:
    """A line that begins like nothing that Markdown or the builder would act on."""
    hard = "  " if line.endswith("  ") and line.strip() else ""
    text = line.expandtabs(4).strip()
    indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
    if not _LIST.match(text):
        indent = min(indent, 3)
    text = _STARTS.sub(lambda match: _ENTITIES[match["sign"]], text, count=1) if _STARTS.match(text) else text
    return " " * indent + text + hard
