"""HTML from a student's notebook made safe to open: no script or style, nothing from elsewhere, no look of ours.

A page tells results by the classes of its own elements, so a student's may have only those that colour code and hold
formulas: else an answer could look like a verdict on it.
"""

import re

import nh3
from pygments.token import STANDARD_TYPES

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "details", "div", "dl"),
    *("dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li"),
    *("mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody"),
    *("td", "tfoot", "th", "thead", "tr", "u", "ul", "var"),
}
ATTRIBUTES = {"align", "alt", "colspan", "height", "open", "rowspan", "scope", "start", "title", "width"}
PROTOCOLS = {"http", "https", "mailto", "data"}
CLASSES = {"highlight", "formula", *STANDARD_TYPES.values()} - {""}
_ACTIVE = {"script", "style", "iframe", "object", "embed", "form", "template", "noscript", "title"}
_OF_ONE_TAG = {"a": {"href"}, "img": {"src"}, **{tag: {"class"} for tag in ("span", "div", "pre", "code")}}
# A tag as nh3 writes it, with all of its attributes, so that nothing in one of them is taken for another tag.
_TAG = re.compile(r'<(?:img(?P<without_alt>(?: (?!alt=)[a-z]+="[^"]*")*)|[a-z0-9]+(?: [a-z]+="[^"]*")*)>')
_NO_WORDS = "No description has been provided for this image"


def clean(text: str) -> str:
    """The HTML without scripts, styles, forms and pictures from elsewhere; what it says stays.

    A picture without a description says that it has none, for whoever cannot see it.
    """
    cleaned = nh3.clean(
        text,
        tags=TAGS,
        clean_content_tags=_ACTIVE,
        attributes={"*": ATTRIBUTES, **_OF_ONE_TAG},
        attribute_filter=_allowed,
        url_schemes=PROTOCOLS,
        link_rel=None,
    )
    return _TAG.sub(_described, cleaned) if "<img" in cleaned else cleaned


def _described(tag: re.Match[str]) -> str:
    return tag[0] if tag["without_alt"] is None else f'<img{tag["without_alt"]} alt="{_NO_WORDS}">'


def _allowed(tag: str, name: str, value: str) -> str | None:
    """Links may lead anywhere on the web, pictures only come from the page itself, and classes are those of code."""
    if name == "class":
        return " ".join(one for one in value.split() if one in CLASSES) or None
    if name == "href" and value.strip().lower().startswith("data:"):
        return None
    if name == "src" and not value.startswith("data:image/"):
        return None
    return value
