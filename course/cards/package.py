"""Anki packages: notes, and where they have been answered already, what Anki needs to go on from there.

genanki writes the collection. On top of it stand the second scheduler's mark (Anki reads a collection without it as one
of the first scheduler, and shifts the answers), the day that due dates count from, the state of answered cards with
their FSRS memory, and the log of the answers. The same notes make the same bytes, with the same SQLite.
"""

import hashlib
import io
import itertools
import json
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import genanki

ROLLOVER_H = 4  # Anki's day begins at four in the morning
_LEARNING, _REVIEW = 1, 2  # Anki's numbers, for a card's type and for its queue


@dataclass(frozen=True)
class Memory:
    """What one answer says of a card: when and how it was given (1 Again to 4 Easy), and what FSRS made of it.

    `interval_days` is 0 while a card is still being learnt; then it is due within the day, and else on a day.
    """

    answered: datetime
    ease: int
    due: datetime
    interval_days: int
    stability: float
    difficulty: float
    retention: float
    decay: float


@dataclass(frozen=True)
class PackedNote:
    """A note as Anki keeps it; `cards` are the places of its cards (0 for a basic note, a cloze's number less one)."""

    model: genanki.Model
    guid: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str
    cards: tuple[int, ...]
    modified_s: int
    memory: Memory | None = None


def package(notes: Sequence[PackedNote], made: datetime) -> bytes:
    """The .apkg of the notes, each in its deck; `made` is the day that due dates count from."""
    names = sorted({note.deck for note in notes})
    decks = {name: genanki.Deck(_deck_id(name), name) for name in names}
    for place, note in enumerate(notes, 1):
        decks[note.deck].add_note(_Note(note, made, place))
    with sqlite3.connect(":memory:") as db:
        ids = itertools.count(int(made.timestamp()) * 1000)
        newest = max((note.modified_s for note in notes), default=0)
        genanki.Package(list(decks.values())).write_to_db(db.cursor(), newest, ids)
        _write_scheduler(db, made)
        db.commit()
        collection = db.serialize()
    db.close()
    return _zipped({"collection.anki2": collection, "media": b"{}"})


class _Note(genanki.Note):
    """genanki's note with the cards and the time of change that we know better."""

    def __init__(self, note: PackedNote, made: datetime, place: int) -> None:
        super().__init__(note.model, list(note.fields), tags=note.tags, guid=note.guid, due=place)
        self.note, self.made = note, made

    @property
    def cards(self) -> list[genanki.Card]:
        """A card for each place."""
        if self.note.memory is None:
            return [genanki.Card(ordinal) for ordinal in self.note.cards]
        return [_AnsweredCard(ordinal, self.note.memory, self.made) for ordinal in self.note.cards]

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, ids: Iterator[int]) -> None:
        """As genanki does, with this note's own time of change: by it Anki tells whether its copy is older."""
        super().write_to_db(cursor, self.note.modified_s, deck_id, ids)


class _AnsweredCard(genanki.Card):
    """A card that has been answered once."""

    def __init__(self, ordinal: int, memory: Memory, made: datetime) -> None:
        super().__init__(ordinal)
        self.memory, self.made = memory, made

    def write_to_db(
        self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, note_id: int, ids: Iterator[int], due: int = 0
    ) -> None:
        """The card as genanki writes it, then what the answer has made of it, and the answer in the log."""
        super().write_to_db(cursor, timestamp, deck_id, note_id, ids, due)
        card_id, memory = cursor.lastrowid, self.memory
        changes = {
            **_state(memory, self.made),
            "reps": 1,
            "data": json.dumps(_data(memory, due), separators=(",", ":")),
        }
        columns = ", ".join(f"{name} = ?" for name in changes)
        cursor.execute(f"UPDATE cards SET {columns} WHERE id = ?", (*changes.values(), card_id))
        (count,) = cursor.execute("SELECT count(*) FROM revlog").fetchone()
        answered_ms = int(memory.answered.timestamp() * 1000) + count  # the log has one line a millisecond
        waits = memory.interval_days or -round((memory.due - memory.answered).total_seconds())
        shifted = round(((memory.difficulty - 1) / 9 + 0.1) * 1000)  # how Anki logs a difficulty
        log = (answered_ms, card_id, -1, memory.ease, waits, 0, shifted, 0, 0)
        cursor.execute("INSERT INTO revlog VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", log)


def _state(memory: Memory, made: datetime) -> dict[str, int]:
    """Where the card stands: in learning at a second, or in review on a day that counts from the collection's first."""
    if memory.interval_days:
        due = (memory.answered.date() - made.date()).days + memory.interval_days
        return {"type": _REVIEW, "queue": _REVIEW, "due": due, "ivl": memory.interval_days, "factor": 2500}
    return {"type": _LEARNING, "queue": _LEARNING, "due": int(memory.due.timestamp()), "left": 1001}


def _data(memory: Memory, place: int) -> dict[str, float]:
    """The memory as Anki keeps it with FSRS: stability, difficulty, and what they were worked out for."""
    return {
        "pos": place,
        "s": round(memory.stability, 4),
        "d": round(memory.difficulty, 3),
        "dr": memory.retention,
        "decay": memory.decay,
        "lrt": int(memory.answered.timestamp()),
    }


def _write_scheduler(db: sqlite3.Connection, made: datetime) -> None:
    """The second scheduler, and the day and time zone that due dates count from."""
    (conf,) = db.execute("SELECT conf FROM col").fetchone()
    west = made.utcoffset()
    settings: dict[str, Any] = json.loads(conf) | {"schedVer": 2, "rollover": ROLLOVER_H}
    settings["creationOffset"] = -round(west.total_seconds() / 60) if west is not None else 0
    first = made.replace(hour=ROLLOVER_H, minute=0, second=0, microsecond=0)
    row = (json.dumps(settings, sort_keys=True), int(first.timestamp()))
    db.execute("UPDATE col SET conf = ?, crt = ?", row)


def _deck_id(name: str) -> int:
    """A deck's id, from its name; Anki itself goes by the name."""
    return (1 << 30) + int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % (1 << 30)


def _zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive with no time of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
