"""Lessons made of decks, and answers to them graded in this process as their test cells grade them."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from course import checks
from course.authoring import notebook
from course.authoring.lesson import Lesson, read
from course.authoring.preprocess import ClearBlanks
from course.cards.deck import Code, Deck, Note, Prose
from course.cards.importing import Wanted, import_deck
from course.cloze import markup
from course.cloze.blanks import Blank
from course.cloze.magic import as_python, head
from course.results import CellReport


def code(markup_text: str) -> Code:
    return Code(markup.parse(markup_text))


def prose(markup_text: str) -> Prose:
    return Prose(markup.parse(markup_text))


def deck_of(*notes: Note, name: str = "deck", media: Mapping[str, bytes] | None = None) -> Deck:
    return Deck(name, notes, media=dict(media or {}))


def lesson_of(folder: Path, deck: Deck, wanted: Wanted | None = None) -> Lesson:
    """The lesson that a deck becomes, read back from its files."""
    out = folder / "lessons" / "20_cards"
    import_deck(deck, out, wanted, force=True)
    return read(out)


def released(lesson: Lesson) -> dict[str, str]:
    """The answer cells as students get them."""
    cleared, _ = ClearBlanks().preprocess(notebook.source_notebook(lesson), {})
    cells = [cell for cell in cleared.cells if cell.cell_type == "code" and notebook.is_solution(cell)]
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in cells}


def answered(lesson: Lesson, name: str, answers: list[str]) -> str:
    """An answer cell with these texts in its blanks."""
    rest = iter(answers)
    pieces = lesson.exercise(name).solution.pieces
    return f"{head(name)}\n" + "".join(next(rest) if isinstance(piece, Blank) else piece for piece in pieces)


def graded(lesson: Lesson, sources: Mapping[str, str]) -> dict[str, CellReport]:
    """What each test cell finds when these answer cells stand before it."""
    names: dict[str, Any] = {}
    found = {}
    for cell in lesson.cells:
        if cell.is_code:
            source = "\n".join(text for text, _ in notebook.code_rows(cell))
            with suppress(NameError):
                exec(
                    compile(as_python(sources[cell.name] if cell.kind == "solution" else source), "<cell>", "exec"),
                    names,
                )
            if cell.kind == "tests":
                found[cell.name] = checks.report()
    return found


def score(lesson: Lesson, sources: Mapping[str, str]) -> float:
    return sum(report.earned for report in graded(lesson, sources).values())
