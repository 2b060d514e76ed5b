"""What each note becomes: a cloze exercise, a card to recall, a written question, or nothing and why."""

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from course.authoring import clozes
from course.cards.deck import Code, Deck, Note, Part, Prose, Skipped
from course.cards.importing.choosing import Wanted, chosen, group_of
from course.cards.importing.escaping import tidy, title
from course.cloze import markup
from course.cloze.blanks import Blank
from course.naming import line, slug

Kind = Literal["exercise", "recall", "question"]
_MARKERS = re.compile(r"(?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS|MARK SCHEME)")


@dataclass(frozen=True)
class Item:
    """One note on its way into the lesson."""

    kind: Kind
    note: Note
    group: str
    title: str
    card: str  # its id in cards.yaml
    pieces: tuple[markup.Piece, ...] = ()  # of an exercise

    @property
    def name(self) -> str:
        """The name of the exercise or question."""
        return f"{'card' if self.kind == 'exercise' else 'question'}_{self.note.number}"

    @property
    def blanks(self) -> int:
        return len(markup.blanks(self.pieces))

    @property
    def difficulty(self) -> int:
        return min(5, 1 + math.ceil(math.log2(max(1, self.blanks))))

    @property
    def minutes(self) -> int:
        return max(1, math.ceil(self.blanks / 2))


def items_of(deck: Deck, wanted: Wanted) -> tuple[list[Item], list[Skipped]]:
    """The items of the notes that are wanted, and the notes that cannot become one; CourseError when none is wanted."""
    items: list[Item] = []
    skipped: list[Skipped] = []
    ids: set[str] = set()
    for note in chosen(deck, wanted):
        pieces = _code(note)
        reason = _reason(note, pieces)
        if reason:
            skipped.append(Skipped(note.number, 0, reason))
            continue
        kind: Kind = "exercise" if pieces else "question" if wanted.questions == "manual" else "recall"
        named = title(_shown(note.front)) or ("Fill in the blanks" if pieces else "What is it?")
        items.append(Item(kind, note, group_of(deck, wanted, note), named, _card_id(deck, note, ids), pieces))
    order = {group: rank for rank, group in enumerate(dict.fromkeys(item.group for item in items))}
    return sorted(items, key=lambda item: order[item.group]), skipped


def hidden(text: str | Blank) -> str:
    """A piece of prose as it is asked."""
    return text if isinstance(text, str) else f"[{text.hint or '…'}]"


def _shown(parts: Iterable[Part]) -> str:
    """The prose of a side with its blanks hidden."""
    texts = (map(hidden, part.pieces) for part in parts if isinstance(part, Prose))
    return "\n\n".join("".join(pieces) for pieces in texts)


def _code(note: Note) -> tuple[markup.Piece, ...]:
    """All code with blanks of a note as one; nothing when it has none."""
    blocks = [part for part in (*note.front, *note.back) if isinstance(part, Code) and part.blanks]
    pieces: list[markup.Piece] = []
    for block in dict.fromkeys(blocks):
        pieces += [*(["\n\n"] if pieces else []), *_tidied(block.pieces)]
    return tuple(_joined(pieces)) if blocks else ()


def _tidied(pieces: Iterable[markup.Piece]) -> list[markup.Piece]:
    """Code without empty lines at its ends and without spaces at the ends of its lines."""
    found = [_each(piece, tidy) for piece in pieces]
    if found and isinstance(found[0], str):
        found[0] = re.sub(r"\A(?:[ \t]*\n)+", "", found[0])
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip()
    return [re.sub(r"[ \t]+\n", "\n", piece) if isinstance(piece, str) else piece for piece in found]


def _each(piece: markup.Piece, change: Callable[[str], str]) -> markup.Piece:
    if isinstance(piece, str):
        return change(piece)
    hint = " ".join(change(piece.hint).split())
    return replace(piece, answer=change(piece.answer), hint=hint, alternatives=tuple(map(change, piece.alternatives)))


def _joined(pieces: Iterable[markup.Piece]) -> Iterator[markup.Piece]:
    """The pieces where nothing to type is not a blank, and blanks without anything between them are one."""
    last: markup.Piece = ""
    for piece in pieces:
        if isinstance(piece, Blank) and not piece.answer.strip():
            piece = piece.answer
        if isinstance(piece, str) and isinstance(last, str):
            last += piece
        elif isinstance(piece, Blank) and isinstance(last, Blank):
            last = replace(last, answer=last.answer + piece.answer, hint=last.hint or piece.hint, alternatives=())
        else:
            if last:
                yield last
            last = piece
    if last:
        yield last


def _reason(note: Note, pieces: tuple[markup.Piece, ...]) -> str:
    """Why a note cannot become an item, or nothing."""
    if pieces:
        if _MARKERS.search(markup.filled(pieces)):
            return "its code holds a marker of nbgrader's, such as BEGIN SOLUTION"
        return next(clozes.faults(pieces), "")
    if not note.prose_blanks and not _shows(note.back):
        return "it asks nothing: it has neither a blank nor an answer side"
    return "" if _shows(note.front) else "its question side is empty"


def _shows(parts: Iterable[Part]) -> bool:
    return any(line(part.text) for part in parts)


def _card_id(deck: Deck, note: Note, taken: set[str]) -> str:
    """An id that stays when the deck grows: from Anki's own id of the note, else from what it holds."""
    content = "\0".join(note.fields) or "\0".join(part.text for part in (*note.front, *note.back))
    digest = hashlib.sha256((note.guid or content).encode("utf-8", "replace")).hexdigest()[:8]
    topic = slug(deck.name, "deck", 24)
    plain = name = f"{topic}-{digest}"
    count = 1
    while name in taken:
        count += 1
        name = f"{plain}-{count}"
    taken.add(name)
    return name
