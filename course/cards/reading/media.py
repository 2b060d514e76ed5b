"""Names of pictures and sounds: how they are kept, how they stand in Markdown, and which a deck mentions.

A deck's list of media says what it likes. Nothing is ever written under such a name, here or in a lesson, so a name is
only a key: the one in the list and the one in a note are brought into one form, and what no file could be called gets
a safe name that differs wherever the names do.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote, unquote

from course.cards.deck import Note
from course.cards.markdown import escape
from course.naming import line, slug

SOUND = re.compile(r"\[sound:([^\[\]<>&\\`*$|\n]{1,255})\]")
_PICTURE = re.compile(r"!\[[^\[\]\n]{0,1000}\]\(([^()\s]{1,1000})\)")
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`\\$*|]{1,2000}", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # one letter and a colon would be a disk
_LONGEST = 255
_BRACKETS = str.maketrans("[]", "()")


def kept(name: str) -> str:
    """The name under which a medium is kept: its own in NFC, or a safe one where no file could be called so."""
    name = unicodedata.normalize("NFC", name).strip()
    if _is_name(name):
        return name
    stem, _, suffix = name.rpartition(".")
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
    ending = f".{suffix.lower()}" if re.fullmatch("[A-Za-z0-9]{1,5}", suffix) else ""
    return f"{slug(stem or suffix, 'medium')}-{digest}{ending}"


def picture(source: str, words: str) -> str:
    """Markdown for a picture: shown when it is one of the deck's, a link when it lies on a server, else only said."""
    name = unquote(source.strip())
    said = line(words.translate(_BRACKETS), longest=200)
    if name and not _SCHEME.match(name) and not name.startswith("//"):
        return f"![{escape(said)}]({quote(kept(name), safe='')})"
    return f"[picture]({link(source)})" if link(source) else "(picture)"


def link(address: str) -> str:
    """The address when it is one of a page, else nothing."""
    address = address.strip()
    return address if _ADDRESS.fullmatch(address) else ""


def names_in(notes: Iterable[Note]) -> set[str]:
    """The pictures and sounds that the notes mention, by the names under which they are kept."""
    found: set[str] = set()
    for note in notes:
        text = "\n".join(part.text for part in (*note.front, *note.back))
        found.update(unquote(name) for name in _PICTURE.findall(text))
        found.update(kept(name) for name in SOUND.findall(text))
    return found


def _is_name(name: str) -> bool:
    """Whether a file in one folder can be called so: no path, nothing hidden in it, not too long when it is quoted."""
    return (
        name not in ("", ".", "..")
        and name.isprintable()
        and not set(name) & set("/\\:")
        and len(name.encode()) <= _LONGEST
    )
