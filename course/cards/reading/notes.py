"""Rows of a deck to notes: which fields are asked and which answer."""

import html
import re
from dataclasses import dataclass

from course.cards.deck import Note, Part, Prose, Skipped
from course.cards.reading.clozes import NoteError
from course.cards.reading.doubts import doubts
from course.cards.reading.limits import Limits
from course.cards.reading.parts import parts

_ANSWER_BELOW = re.compile(r"<hr\b[^<>]{0,200}\bid\s{0,9}=\s{0,9}[\"']?answer\b[^<>]{0,200}>", re.IGNORECASE)
_DIRECTIONS = re.compile(
    r"\[\[type:[^\[\]]{0,200}\]\]|\[anki:(?:play|tts)[^\[\]]{0,400}\](?:[^\[\]]{0,400}\[/anki:tts\])?"
)
_OLD_CLOZE = re.compile(r'<span class="?cloze"?>([^<>]*(?:<(?!/?span)[^<>]*>[^<>]*)*)</span>')
_MARKS = re.compile(r"\\[()\[\]]|\[/?(?:\$\$?|latex)\]|\[(?:sound|\[type|anki):|\[anki:|\{\{c|\}\}|\]\(", re.IGNORECASE)
_NATIVE = re.compile(r"\{\{c[0-9]+(?:,[0-9]+)*::")


@dataclass(frozen=True)
class Row:
    """One note as it stands in a file; `cloze` None: the file does not say whether its kind is cloze."""

    number: int
    line: int
    fields: tuple[str, ...]
    guid: str = ""
    notetype: str = ""
    deck: str = ""
    tags: tuple[str, ...] = ()
    cloze: bool | None = None


def note(row: Row, limits: Limits) -> Note | Skipped:
    """The note that the row holds, or why it is not a note."""
    try:
        front, back = _sides(row, limits)
    except NoteError as error:
        return Skipped(row.number, row.line, str(error))
    native = any(_NATIVE.search(field) for field in row.fields)
    found = doubts((*front, *back)) if native and row.cloze is not False else ()
    return Note(row.number, front, back, row.guid, row.notetype, row.deck, row.tags, row.fields, row.line, found)


def _sides(row: Row, limits: Limits) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    if len(row.fields) > limits.fields:
        raise NoteError(f"it has {len(row.fields)} fields, more than {limits.fields}")
    for number, field in enumerate(row.fields, start=1):
        if len(field) > limits.field_chars:
            raise NoteError(f"its field {number} is longer than {limits.field_chars:,} characters")
        if field.count("<") > limits.field_tags:
            raise NoteError(f"its field {number} has more than {limits.field_tags:,} tags")
        if sum(1 for _ in _MARKS.finditer(field)) > limits.field_tags:
            raise NoteError(
                f"its field {number} has more than {limits.field_tags:,} marks of formulas, clozes or sounds"
            )
    fields = [_told(*row.fields[:2]), *row.fields[1:]] if len(row.fields) > 1 else row.fields
    read = [_field(field, row.cloze is not False, asked=not at) for at, field in enumerate(fields)]
    shown = [at for at, found in enumerate(read) if found]
    if not shown:
        raise NoteError("its fields show nothing")
    blanks = [at for at in shown if _has_blanks(read[at])]
    if row.cloze and not blanks:
        raise NoteError("it is a cloze note, but nothing in it is hidden")
    native = [at for at in blanks if row.cloze is not False and _NATIVE.search(row.fields[at])]
    last = max([shown[0], *blanks[:1], *native])
    front = tuple(part for found in read[: last + 1] for part in found)
    back = tuple(part for found in read[last + 1 :] for part in found)
    return front, _without_repeat(front, back) if blanks else back


def _field(source: str, clozes: bool, asked: bool) -> tuple[Part, ...]:
    """The parts of a field, of an answer only what stands below its line."""
    if not asked and (lines := list(_ANSWER_BELOW.finditer(source))):
        source = source[lines[-1].end() :]
    return parts(_DIRECTIONS.sub("", source), native_clozes=clozes)


def _told(question: str, answer: str) -> str:
    """The question of a card by an older Anki, whose rendered clozes say their answers on the other side alone."""
    shown, hidden = _OLD_CLOZE.findall(question), _OLD_CLOZE.findall(answer)
    if len(shown) != len(hidden) or not all(text.startswith("[") and text.endswith("]") for text in shown):
        return question
    answers = iter(hidden)
    return _OLD_CLOZE.sub(
        lambda found: f'<span class="cloze" data-cloze="{html.escape(next(answers))}">{found[1]}</span>', question
    )


def _has_blanks(found: tuple[Part, ...]) -> bool:
    return any(part.blanks for part in found)


def _without_repeat(front: tuple[Part, ...], back: tuple[Part, ...]) -> tuple[Part, ...]:
    """The answer side without the question that it begins with; what it repeats elsewhere has its blanks filled."""
    asked = {part.text for part in front}
    back = tuple(type(part)((part.text,)) if part.blanks and part.text in asked else part for part in back)
    same = 0
    while same < min(len(front), len(back)) and _is_same(front[same], back[same]):
        same += 1
    if same == len(front):
        return back[same:]
    if same == len(front) - 1 and same < len(back) and isinstance(back[same], Prose) and not back[same].blanks:
        added = back[same].text.removeprefix(front[same].text)
        if added != back[same].text and added.startswith(("\n", "  \n")):
            return (Prose((added.strip(),)), *back[same + 1 :])
    return back


def _is_same(asked: Part, answer: Part) -> bool:
    return type(asked) is type(answer) and asked.text == answer.text
