"""The files of an imported lesson as text: lesson.py and cards.yaml."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import yaml

from course.authoring import clozes
from course.authoring.headings import MARK
from course.cards.deck import Code, Part, Prose
from course.cards.importing.escaping import fenced, heading, prose, tidy, title
from course.cards.importing.items import Item, hidden
from course.cloze.blanks import Blank
from course.naming import line

Pictures = Mapping[str, str]  # the path of a picture beside the lesson, by its name in the deck
_SETUP = ["# %% setup", "from course import checks, cloze", "", "cloze.enable()"]


def lesson_text(title: str, items: Sequence[Item], pictures: Pictures) -> str:
    """The whole lesson.py."""
    exercises = [item for item in items if item.kind == "exercise"]
    lines = [
        f"# Made by `course cards import` from {len(items)} note{'s' if len(items) != 1 else ''}.",
        "# ruff: noqa: E501",
        "",
    ]
    lines += [
        *_markdown([f"# {heading(title, 'Cards')}", *_introduction(exercises)]),
        *(_SETUP if exercises else []),
        "",
    ]
    group = ""
    for item in items:
        if item.group != group:
            group = item.group
            lines += _markdown([f"## {heading(group)}"])
        lines += _WRITERS[item.kind](item, pictures)
    return "\n".join(lines).rstrip("\n") + "\n"


def cards_text(items: Sequence[Item]) -> str:
    """The whole cards.yaml."""
    entries = [_card(item) for item in items]
    return yaml.dump(entries, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)


def _introduction(exercises: Sequence[Item]) -> list[str]:
    if not exercises:
        return ["", "Say each answer aloud before you unfold it."]
    return [
        "",
        "Replace each `____`. Nothing here is run: what you type is compared with the card, ignoring spaces "
        "and quotes. Keep the first line of each cell and the code around the blanks, and run the cell below to "
        "see whether all is in place. Where an answer is folded away, say it aloud before you unfold it.",
    ]


def _markdown(lines: Sequence[str], header: str = "# %% [markdown]") -> list[str]:
    return [header, *(f"# {line}".rstrip(" ") if not line.endswith("  ") else f"# {line}" for line in lines), ""]


def _exercise(item: Item, pictures: Pictures) -> Iterator[str]:
    minutes = f"{item.minutes} minute{'s' if item.minutes != 1 else ''}"
    lines = [f"{MARK}{item.title}", f"difficulty {item.difficulty}/5 · {minutes} · cards: {item.card}"]
    asked = [part for part in item.note.front if isinstance(part, Prose) or not part.blanks]
    shown = _side(asked, pictures, asked=True)
    if title("\n".join(shown)) != item.title or len(shown) > 2 or item.title.endswith("…"):
        lines += shown
    yield from _markdown(lines)
    yield f'# %% cloze="{item.name}"'
    yield from clozes.body(item.pieces)
    yield ""


def _recall(item: Item, pictures: Pictures) -> Iterator[str]:
    answer = _answer(item, pictures)
    folded = ["", "<details><summary>Answer</summary>", *answer, "", "</details>"]
    yield from _markdown([*_side(item.note.front, pictures, asked=True)[1:], *folded])


def _question(item: Item, pictures: Pictures) -> Iterator[str]:
    scheme = ["", "### BEGIN MARK SCHEME", *_answer(item, pictures)[1:], "### END MARK SCHEME"]
    lines = [f"### Question: {item.title}", *_side(item.note.front, pictures, asked=True), *scheme]
    yield from _markdown(lines, f'# %% [markdown] question="{item.name}" points=1')


def _answer(item: Item, pictures: Pictures) -> list[str]:
    """The front with its blanks filled where it has some, then the back."""
    front = item.note.front if item.note.prose_blanks else ()
    return _side((*front, *item.note.back), pictures, asked=False)


def _side(parts: Sequence[Part], pictures: Pictures, asked: bool) -> list[str]:
    """The lines of one side, an empty one before each part."""
    lines: list[str] = []
    for part in parts:
        if isinstance(part, Code):
            lines += ["", *fenced(part.text)]
        else:
            text = "".join(map(hidden, part.pieces)) if asked else part.text
            lines += ["", *prose(text, pictures)]
    return lines


def _card(item: Item) -> dict[str, object]:
    note = item.note
    tags = [line(tidy(tag)).replace(" ", "_") for tag in note.tags if line(tidy(tag))]
    blanks = [*note.code_blanks, *note.prose_blanks]
    texts: dict[str, str]
    if blanks and not any(re.search(r"\{\{|\}\}|::", text) for blank in blanks for text in (blank.answer, blank.hint)):
        texts = {"cloze": _text((*note.front, *note.back), _marked)}
    elif blanks:
        texts = {"front": _text(note.front, lambda _: "____"), "back": _text((*note.front, *note.back), _filled)}
    else:
        texts = {"front": _text(note.front, _filled), "back": _text(note.back, _filled)}
    return {"id": item.card, **texts, "tags": tags, "inventory": []}


def _text(parts: Sequence[Part], show: Callable[[Blank], str]) -> str:
    """A side of a card in the form that cards.yaml has: Markdown, its code in fences."""
    found = []
    for part in parts:
        text = tidy("".join(piece if isinstance(piece, str) else show(piece) for piece in part.pieces))
        found.append(f"```python\n{text.strip(chr(10))}\n```" if isinstance(part, Code) else text)
    return "\n\n".join(found).strip()


def _marked(blank: Blank) -> str:
    hint = f"::{blank.hint}" if blank.hint else ""
    return f"{{{{c{','.join(map(str, blank.groups))}::{blank.answer}{hint}}}}}"


def _filled(blank: Blank) -> str:
    return blank.answer


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes texts of several lines as blocks."""


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    block = "\n" in text and not re.search(r"[ \t]\n|\A\s|\t", text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if block else None)


_Dumper.add_representer(str, _represent)
_WRITERS = {"exercise": _exercise, "recall": _recall, "question": _question}
