"""The deck's pictures that the lesson shows: checked, and under names that are safe in any folder and any link."""

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import unquote

from course.cards.deck import Deck, Prose
from course.cards.importing.items import Item
from course.naming import slug

_MENTION = re.compile(r"!\[[^\[\]\n]{0,300}\]\(([^()\s]{1,800})\)")
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)


def shown(deck: Deck, items: Iterable[Item]) -> dict[str, tuple[str, bytes]]:
    """The pictures that the items mention: by the deck's name, the path beside the lesson and the bytes."""
    parts = (part for item in items for part in (*item.note.front, *item.note.back) if isinstance(part, Prose))
    names = dict.fromkeys(unquote(name) for part in parts for name in _MENTION.findall(part.text))
    found: dict[str, tuple[str, bytes]] = {}
    for name in names:
        data = deck.media.get(name, b"")
        kind = _kind(data)
        if kind:
            found[name] = (f"data/{_safe(name, data)}.{kind}", data)
    return found


def _kind(data: bytes) -> str:
    """What the bytes are, by how they begin; empty for anything but a picture of dots."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for start, kind in _KINDS if data.startswith(start)), "")


def _safe(name: str, data: bytes) -> str:
    """Letters, digits and dashes, and a part that differs where the pictures differ."""
    return f"{slug(name.rsplit('.', 1)[0], 'picture')}-{hashlib.sha256(name.encode() + data).hexdigest()[:6]}"
