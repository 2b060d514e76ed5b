"""Names made of texts that come from elsewhere: titles, headings, tags, names of files. Each always shows something."""

import re
import unicodedata

_INKED = ("L", "N", "P", "S")  # Unicode's letters, numbers, punctuation and symbols
_IGNORABLE = (  # Unicode's Default_Ignorable_Code_Point
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_EMPTY = "\u2800\ufffc\U00013441\U00013442\U00016fe4\U0001d159"  # other letters, marks and symbols without ink
_BLANK = re.compile(f"[{_IGNORABLE}{_EMPTY}]")
_UNSEEN = re.compile("[\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def line(text: str, otherwise: str = "", longest: int = 0) -> str:
    """The text in one line without what steers a page; `otherwise` where nothing of it would be seen.

    Args:
        longest: characters after which it is cut at a word; 0 for no limit.
    """
    kept = (sign for sign in _UNSEEN.sub("", text) if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cs"))
    words = " ".join("".join(kept).split())
    first = words if not 0 < longest < len(words) else words[:longest].rsplit(" ", 1)[0]
    if not any(map(is_seen, first)):
        return otherwise
    return words if first == words else f"{first} …"


def is_seen(sign: str, after: bool = False) -> bool:
    """Whether a sign is drawn with ink; a mark, as an accent is, only `after` a sign that it is drawn on."""
    kind = unicodedata.category(sign)[0]
    return (kind in _INKED or (after and kind == "M")) and not _BLANK.match(sign)


def slug(text: str, otherwise: str, longest: int = 40) -> str:
    """Small letters, digits and dashes, for an id or a file; `otherwise` where the text has none of them."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:longest].strip("-") or otherwise
