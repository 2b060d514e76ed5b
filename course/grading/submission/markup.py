"""What a cell of prose says as code: out of the marks that Markdown, HTML and other languages of text put around it."""

import html
import re
from collections.abc import Iterator, Sequence

from course.grading.submission.code import Reader

# No part of these can be matched in two ways, so that they take time that grows with the text alone.
_FENCE = re.compile(r"^[ \t>]*+(```++|~~~++)[ \t]*+(\{?\.?[\w+-]*\}?)[^\n]*$")
_OPTIONS = re.compile(  # of MyST's cells, below the fence that opens one
    r"^([ \t]*+(?:```++|~~~++)[^\n]*+\n)(?:[ \t]*---\n(?:[^\n]*\n){0,50}?[ \t]*---\n|(?:[ \t]*:[\w-]+:[^\n]*\n)+)",
    re.MULTILINE,
)
_MARK = re.compile(  # what stands for a fence elsewhere: HTML, LaTeX, Org, reStructuredText, Jekyll, wikis and forums
    r"<pre\b[^>\n]{0,300}>(?:\s*+<code\b[^>\n]{0,300}>)?|(?:</code>\s*+)?</pre>|^<code\b[^>\n]{0,300}>|</code>[ \t]*$"
    r"|^\\(?:begin|end)\{(?:verbatim|lstlisting|minted)\}.*$|^#\+(?:begin|end)_(?:src|example).*$"
    r"|^\.\. code(?:-block)?::.*$|\{% *(?:end)?highlight\b[^%\n]*%\}"
    r"|^(?:\{code(?::[^}\n]*)?\}|\[/?code(?:=[^\]\n]*)?\])[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_QUOTE = re.compile(r"^(?![ \t]*>>>)(?:[ \t]*> ?)+", re.MULTILINE)
_TICKED = re.compile(r"^([ \t]*+)`++([^`\n]++)`++[ \t]*$", re.MULTILINE)
_SPAN = re.compile(r"(?<!`)`++([^`\n]++)`++")
_ESCAPE = re.compile(r"\\([*_\[\](){}#+\-.!`<>|~=])")
_BREAK = re.compile(r"(?:<br ?/?>|</p>|</div>)\n?", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z]\w*(?:\s[^<>\n]*)?/?>", re.IGNORECASE)


def has_marks(text: str) -> bool:
    """Whether something in a text fences code off."""
    return "```" in text or "~~~" in text or bool(_MARK.search(text))


def as_code(text: str, code: Reader) -> str:
    """What a cell of prose says as code: out of its fences, to the left, with what is not code as comments."""
    readings = dict.fromkeys(reading for whole in (text, _QUOTE.sub("", text)) for reading in _readings(whole))
    for reading in readings:
        if code.parses(reading):
            return reading
    for reading in readings:
        pieces = code.pieces(reading)
        if any(piece.is_code and piece.binds for piece in pieces):
            return "\n\n".join(piece.text if piece.is_code else _commented(piece.text) for piece in pieces)
    spans = "\n".join(_SPAN.findall(text))
    return spans if code.parses(spans) and code.binds(spans) else next(iter(readings))


def _readings(text: str) -> Iterator[str]:
    """The text without its marks, then without those that few texts have."""
    if any(map(_FENCE.match, text.split("\n"))):  # what else looks like a mark may be the code's own
        yield _without_fence(_OPTIONS.sub(r"\1", text))
    plain = _without_fence(_OPTIONS.sub(r"\1", _MARK.sub("\n```\n", text)))
    yield plain
    yield _dedented(plain.split("\n"))
    yield _unescaped(plain)
    yield _TICKED.sub(r"\1\2", plain).strip("`\n ")
    yield _ESCAPE.sub(r"\1", plain)
    yield _unescaped(_TAG.sub("", _BREAK.sub("\n", plain)))


def _unescaped(text: str) -> str:
    return html.unescape(text).replace("\xa0", " ")


def _without_fence(text: str) -> str:
    """The code between fences, what stands around it as comments; the text itself where there are none."""
    lines = text.split("\n")
    if not any(map(_FENCE.match, lines)):
        return text
    kept: list[str] = []
    mark = ""
    for line in lines:
        fence = _FENCE.match(line)
        if fence and not mark:
            mark = fence[1]
        elif fence and fence[1].startswith(mark) and not fence[2]:
            mark = ""
        elif mark:
            kept.append(line)
        else:
            kept.append(_commented(line) if line.strip() else line)
    return _dedented(kept)


def _dedented(lines: Sequence[str]) -> str:
    """The lines as far to the left as the first that holds code."""
    code = [line for line in lines if line.strip() and not line.startswith("#")]
    margin = min((len(line) - len(line.lstrip()) for line in code), default=0)
    return "\n".join(line if line.startswith("#") else line[margin:] for line in lines).strip("\n")


def _commented(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))
