"""Pictures in Markdown cells: a reference to one that is not there breaks whole pages, and becomes its description."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

Attachments = Mapping[str, dict[str, Any]]
# No part of these can be matched in two ways, so that they take time that grows with the text alone.
_NAME = r"(?P<name>(?:[^\s()<>\"']|\([^\s()<>]{0,100}+\)){1,300}+)"
_IMAGE = re.compile(rf"!\[(?P<alt>[^\[\]\n]{{0,300}}+)\]\([ \t]{{0,9}}+<?attachment:{_NAME}[^()\n]{{0,300}}+\)")
_REFERENCE = re.compile(rf"attachment:{_NAME}?+")


def with_pictures(
    text: str, own: Attachments, course: Attachments, room: int
) -> tuple[str, dict[str, dict[str, Any]], int]:
    """A cell's text and attachments so that each is there that it refers to, and how many were not.

    Args:
        own: what the cell has attached.
        course: what the course's own cells have, for copies of them that lost theirs.
        room: bytes that may be attached; what is above counts as missing.
    """
    given = text
    kept = dict(own)
    if "attachment:" not in text:
        return text, kept if size_of(kept) <= room else {}, 0
    missing: set[str] = set()

    def image(match: re.Match[str]) -> str:
        if _is_there(match["name"], kept, course):
            return match[0]
        missing.add(match["name"])
        return f"[picture missing: {match['alt'] or match['name']}]"

    def reference(match: re.Match[str]) -> str:
        if _is_there(match["name"] or "", kept, course):
            return match[0]
        missing.add(match["name"] or "")
        return f"missing-{match[0]}"

    text = _REFERENCE.sub(reference, _IMAGE.sub(image, text))
    if size_of(kept) > room and (own or course):
        return with_pictures(given, {}, {}, room)
    return text, kept, len(missing)


def size_of(attachments: Attachments) -> int:
    """How much space pictures take."""
    return sum(len(content) for files in attachments.values() for content in files.values() if isinstance(content, str))


def _is_there(name: str, kept: dict[str, dict[str, Any]], course: Attachments) -> bool:
    """Whether a picture is attached, after one of the same name was found under another spelling or in the course."""
    for place in (kept, course):
        for spelling in (name, unquote(name)):
            if place.get(spelling):
                kept[name] = place[spelling]
                return True
    return False
