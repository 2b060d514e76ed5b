"""What a keyboard types for the signs that word processors, card editors and web pages put in its place.

An answer that was pasted into a card may hold curly quotes, a real minus sign or a full-width bracket, which nobody can
type and which often look the same. The card keeps showing them; typing the plain sign is accepted too.
"""

import re
import unicodedata
from collections.abc import Iterator

_UNSEEN = re.compile("[\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff]")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_LONG_DASHES = re.compile("[\u2013\u2014\u2015]")
_SIGNS = {
    **dict.fromkeys("“”„‟«»″‶〝〞＂❝❞", '"'),
    **dict.fromkeys("‘’‚‛‹›′‵´＇ʼʹ❛❜", "'"),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys("⋅∙·×∗＊", "*"),
    "÷": "/",
    "∕": "/",
    "⁄": "/",
    "∶": ":",
    **dict.fromkeys("∼˜", "~"),
    "ˆ": "^",
    "∣": "|",
    "ǀ": "|",
    "﹍": "_",
    "…": "...",
    "‥": "..",
    **dict.fromkeys("≤⩽", "<="),
    **dict.fromkeys("≥⩾", ">="),
    "≠": "!=",
    "≔": ":=",
    "→": "->",
    "⟶": "->",
    "⇒": "=>",
    "‖": "||",
    "⟨": "<",
    "⟩": ">",
}
_FULL_WIDTH = {number: number - 0xFEE0 for number in range(0xFF01, 0xFF5F)}
_LIGATURES_AND_SMALL = (*range(0xFB00, 0xFB07), *range(0xFE50, 0xFE6C))
_TABLE = {number: unicodedata.normalize("NFKC", chr(number)) for number in _LIGATURES_AND_SMALL}
_TABLE |= str.maketrans(_SIGNS)


def typed_forms(text: str) -> Iterator[str]:
    """The text as it stands, then as a keyboard would type it where that differs."""
    yield text
    if text.isascii():
        return
    plain = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in _UNSEEN.sub("", text))
    forms = (plain, _LONG_DASHES.sub("--", plain))  # a word processor makes one dash of two hyphens, or of one
    plainest = (form.translate(_TABLE).translate(_FULL_WIDTH).strip() for form in forms)
    yield from dict.fromkeys(unicodedata.normalize("NFC", form) for form in plainest)
