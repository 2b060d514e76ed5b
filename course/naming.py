"""Names made of texts that come from elsewhere: titles, headings, tags, names of files. Each always shows something."""

import re
import unicodedata

_SHOWN = ("L", "N", "P", "S")  # Unicode's letters, numbers, punctuation and symbols
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and a symbol that are drawn as nothing
_UNSEEN = re.compile("[\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def line(text: str, otherwise: str = "", longest: int = 0) -> str:
    """The text in one line without what steers a page; ``otherwise`` where nothing of it would be seen.

    Args:
        longest: characters after which it is cut at a word; 0 for no limit.
    """
    kept = (sign for sign in _UNSEEN.sub("", text) if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cs"))
    words = " ".join("".join(kept).split())
    if 0 < longest < len(words):
        words = words[:longest].rsplit(" ", 1)[0] + " …"
    return words if any(map(_is_shown, words)) else otherwise


def slug(text: str, otherwise: str, longest: int = 40) -> str:
    """Small letters, digits and dashes, for an id or a file; ``otherwise`` where the text has none of them."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:longest].strip("-") or otherwise


def _is_shown(sign: str) -> bool:
    return unicodedata.category(sign)[0] in _SHOWN and sign not in _BLANK
