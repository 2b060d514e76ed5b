"""How large a deck may be; anything larger is refused before it is loaded."""

from dataclasses import dataclass

MB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Caps on what is read; the defaults hold decks of a hundred thousand notes with their pictures."""

    text_bytes: int = 64 * MB  # a text export
    field_chars: int = MB  # one field of a note
    field_tags: int = 20_000  # begun in one field, and marks of formulas, clozes and sounds in it
    fields: int = 100  # of one note
    notes: int = 200_000
    collection_bytes: int = 512 * MB  # the database in a package, unpacked
    media_bytes: int = 64 * MB  # one picture or sound, unpacked
    package_bytes: int = 1024 * MB  # all that is unpacked of one package
    members: int = 100_000  # files in a package
    ratio: int = 400  # unpacked to packed; decks measure 2 to 30
    ratio_from_bytes: int = 8 * MB  # nothing smaller is called a bomb
