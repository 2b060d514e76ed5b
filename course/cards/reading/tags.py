"""HTML in which every `<` begins a whole tag: what html.parser is given.

What a browser would not show as text is left out here, whatever the version of html.parser would make of it:
comments, declarations, scripts, styles and other elements whose content is not HTML. A `<` that begins no tag becomes
`&lt;`. The work grows with the length of the field alone, however it is damaged.
"""

import re

from course.cards.reading.clozes import MARK

_TAG = re.compile(
    r"""</?([A-Za-z][^\s/>]*+)
        (?: [\s/]++
          | [^\s/>][^\s/>=]*+  (?: \s*+ = \s*+ (?: "[^"]*+" | '[^']*+' | [^\s>"'][^\s>]*+ )?+ )?+
        )*+ >""",
    re.VERBOSE,
)
_NO_HTML_INSIDE = re.compile(
    r"(script|style|textarea|title|iframe|noembed|noframes|noscript|xmp|plaintext|object|template|svg)(?=[\s/>])",
    re.IGNORECASE,
)
_FAILURES = 50  # tags that were begun and not ended; after so many, the rest of the field is text


def whole_tags(html: str) -> str:
    """The HTML without comments, scripts and the like, and with each stray `<` as text; marks of clozes stay."""
    out: list[str] = []
    at = failures = 0
    while (start := html.find("<", at)) >= 0:
        out.append(html[at:start])
        end = _skipped(html, start)
        if end:
            out.append(_marks(html[start:end]))
        elif failures < _FAILURES and (found := _TAG.match(html, start)):
            out.append(_tag(found))
            end = found.end()
        else:
            failures += 1
            out.append("&lt;")
            end = start + 1
        at = end
    return "".join([*out, html[at:]])


def _skipped(html: str, start: int) -> int:
    """Where what is not shown ends: a comment, a declaration, an element with no HTML inside; 0 if it is no such."""
    if html.startswith("<!--", start):
        return _after(html, "-->", start + 2)
    if html.startswith(("<!", "<?"), start):
        return _after(html, ">", start)
    name = _NO_HTML_INSIDE.match(html, start + 1)
    if name is None:
        return 0
    closing = re.compile(rf"</{name[1]}(?=[\s/>])", re.IGNORECASE).search(html, start)
    return _after(html, ">", closing.start()) if closing else len(html)


def _after(html: str, end: str, start: int) -> int:
    found = html.find(end, start)
    return len(html) if found < 0 else found + len(end)


def _tag(found: re.Match[str]) -> str:
    """The tag without the marks of clozes, which are put behind it; a closing tag of what is left out goes too."""
    marks = _marks(found[0])
    tag = "" if _NO_HTML_INSIDE.match(found[0].lstrip("</")) else MARK.sub("", found[0])
    return tag + marks


def _marks(text: str) -> str:
    return "".join(mark[0] for mark in MARK.finditer(text))
