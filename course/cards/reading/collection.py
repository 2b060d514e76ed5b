"""The database in a package: notes with their kinds, decks and tags, in the older schema or the newest.

It comes from anywhere, so it is opened read-only with defensive settings, only the tables named here may be read, only
real tables answer to these names, and what is longer than the caps is not fetched.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.cards.deck import Skipped
from course.cards.reading import wire
from course.cards.reading.limits import Limits
from course.cards.reading.notes import Row

_TABLES = frozenset(("col", "notes", "cards", "notetypes", "fields", "decks", "sqlite_master"))
_NOTES = """
    SELECT id, guid, mid, tags, CASE WHEN length(flds) <= :bytes THEN flds END FROM (
        SELECT id, CAST(guid AS BLOB) AS guid, mid, CAST(tags AS BLOB) AS tags, CAST(flds AS BLOB) AS flds FROM notes
    ) ORDER BY id
"""
_UPDATE = "Please update to the latest Anki version"


class CollectionError(Exception):
    """Why a database cannot be read as a collection."""


@dataclass(frozen=True)
class Kind:
    """One kind of note."""

    name: str
    cloze: bool
    fields: int


def rows(path: Path, limits: Limits) -> Iterator[Row | Skipped]:
    """The notes in order; CollectionError when the file is not a collection or a damaged one."""
    try:
        with contextlib.closing(_opened(path, limits)) as database:
            yield from _rows(database, limits)
    except (sqlite3.Error, wire.WireError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CollectionError(str(error) or type(error).__name__) from None


def is_dummy(found: list[Row | Skipped]) -> bool:
    """Whether these are the one note that tells users of old programs to update."""
    return len(found) == 1 and isinstance(found[0], Row) and any(_UPDATE in field for field in found[0].fields)


def _opened(path: Path, limits: Limits) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        for setting in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON", "mmap_size=0"):
            database.execute(f"PRAGMA {setting}")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(limits.field_chars * 64, 1 << 20))
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for table in _TABLES:
            if any(column[6] for column in database.execute(f"PRAGMA table_xinfo({table})")):
                raise CollectionError(f"its table {table} is a virtual or computed one")
        database.create_collation("unicase", lambda a, b: (a.casefold() > b.casefold()) - (a.casefold() < b.casefold()))
        database.set_authorizer(_allowed)
    except BaseException:
        database.close()
        raise
    return database


def _allowed(action: int, first: str | None, second: str | None, base: str | None, cause: str | None) -> int:
    """SQLite's question before each step of a statement: only our own selects from our tables, and only `length`."""
    if action == sqlite3.SQLITE_READ:
        fine = not first or first in _TABLES
    else:
        fine = action == sqlite3.SQLITE_SELECT or (action == sqlite3.SQLITE_FUNCTION and second == "length")
    return sqlite3.SQLITE_OK if fine and cause is None else sqlite3.SQLITE_DENY


def _rows(database: sqlite3.Connection, limits: Limits) -> Iterator[Row | Skipped]:
    found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
    tables = {name for (name,) in found}
    if not {"col", "notes", "cards"} <= tables:
        raise CollectionError("it has no notes and cards")
    newest = {"notetypes", "fields", "decks"} <= tables
    kinds, decks = _newest(database) if newest else _older(database)
    deck_of: dict[int, int] = {}
    for note, deck, original in database.execute("SELECT nid, did, odid FROM cards ORDER BY nid, ord DESC"):
        deck_of[note] = original or deck
    longest = {"bytes": limits.field_chars * 8}
    for number, (key, guid, mid, tags, flds) in enumerate(database.execute(_NOTES, longest), start=1):
        if number > limits.notes:
            raise CollectionError(f"it has more than {limits.notes:,} notes")
        deck = decks.get(deck_of.get(key, 0), "")
        yield _row(number, kinds.get(mid), (guid, tags, flds), deck, limits)


def _row(number: int, kind: Kind | None, texts: tuple[bytes | None, ...], deck: str, limits: Limits) -> Row | Skipped:
    if texts[2] is None:
        return Skipped(number, 0, f"its fields are longer than {limits.field_chars * 8:,} bytes")
    if kind is None:
        return Skipped(number, 0, "its note type is not in the package")
    try:
        guid, tags, flds = ((text or b"").decode() for text in texts)
    except UnicodeDecodeError:
        return Skipped(number, 0, "its text is not in UTF-8")
    fields = tuple(flds.split("\x1f"))
    if len(fields) != kind.fields:
        return Skipped(number, 0, f"it has {len(fields)} fields where its note type {kind.name} has {kind.fields}")
    return Row(number, 0, fields, guid, kind.name, deck, tuple(dict.fromkeys(tags.split())), kind.cloze)


def _older(database: sqlite3.Connection) -> tuple[dict[int, Kind], dict[int, str]]:
    """Kinds of notes and decks of schema 11: JSON in the one row of `col`."""
    row = database.execute("SELECT models, decks FROM col").fetchone()
    if row is None:
        raise CollectionError("it names no note types")
    models, decks = (json.loads(text) for text in row)
    kinds = {int(key): Kind(str(m["name"]), m.get("type") == 1, len(m["flds"])) for key, m in models.items()}
    return kinds, {int(key): str(deck["name"]) for key, deck in decks.items()}


def _newest(database: sqlite3.Connection) -> tuple[dict[int, Kind], dict[int, str]]:
    """The same of schema 18: tables, with settings as protocol buffers."""
    counts: dict[int, int] = {}
    for (key,) in database.execute("SELECT ntid FROM fields"):
        counts[key] = counts.get(key, 0) + 1
    kinds = {
        key: Kind(str(name), _is_cloze(config), counts.get(key, 0))
        for key, name, config in database.execute("SELECT id, name, config FROM notetypes")
    }
    decks = database.execute("SELECT id, name FROM decks")
    return kinds, {key: str(name).replace("\x1f", "::") for key, name in decks}


def _is_cloze(config: Any) -> bool:
    return any(number == 1 and value == 1 for number, value in wire.fields(bytes(config or b"")))
