"""HTML from a student's notebook made safe to open: no script or style, nothing from elsewhere, no look of ours.

A page tells results by the classes of its own elements, so a student's may have only those that colour code and hold
formulas: else an answer could look like a verdict on it.
"""

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


def clean(text: str) -> str:
    """The HTML without scripts, styles, forms and pictures from elsewhere; what it says stays."""
    return nh3.clean(
        text,
        tags=TAGS,
        clean_content_tags=_ACTIVE,
        attributes={"*": ATTRIBUTES, **_OF_ONE_TAG},
        attribute_filter=_allowed,
        url_schemes=PROTOCOLS,
        link_rel=None,
    )


def _allowed(tag: str, name: str, value: str) -> str | None:
    """Links may lead anywhere on the web, pictures only come from the page itself, and classes are those of code."""
    if name == "class":
        return " ".join(one for one in value.split() if one in CLASSES) or None
    if name == "href" and value.strip().lower().startswith("data:"):
        return None
    if name == "src" and not value.startswith("data:image/"):
        return None
    return value
