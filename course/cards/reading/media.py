"""Names of pictures and sounds: which are names at all, how they stand in Markdown, and which a deck mentions."""

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from course.cards.deck import Note
from course.cards.markdown import escape

SOUND = re.compile(r"\[sound:([^\[\]<>&\\`*$|\n]{1,255})\]")
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^()\s]+)\)")
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`\\$*|]{1,2000}", re.IGNORECASE)


def is_name(name: str) -> bool:
    """Whether it is the name of a file in the deck's one folder: no path, nothing hidden in it."""
    return (
        bool(name)
        and name not in (".", "..")
        and len(name) <= 255
        and name.isprintable()
        and not set(name) & set("/\\:")
    )


def picture(source: str, words: str) -> str:
    """Markdown for a picture: shown when it is one of the deck's, a link when it lies on a server, else only said."""
    name = unquote(source.strip())
    said = " ".join(words.split())
    if is_name(name):
        return f"![{escape(said)}]({quote(name, safe='')})"
    return f"[picture]({link(source)})" if link(source) else "(picture)"


def link(address: str) -> str:
    """The address when it is one of a page, else nothing."""
    address = address.strip()
    return address if _ADDRESS.fullmatch(address) else ""


def names_in(notes: Iterable[Note]) -> set[str]:
    """The pictures and sounds that the notes mention."""
    found: set[str] = set()
    for note in notes:
        text = "\n".join(part.text for part in (*note.front, *note.back))
        found.update(unquote(name) for name in _PICTURE.findall(text))
        found.update(SOUND.findall(text))
    return found
