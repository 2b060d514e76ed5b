"""Exercise headings: title, difficulty, minutes and cards, as a markdown cell states them before a solution."""

import re
from dataclasses import dataclass

from course.authoring.percent import Cell

MARK = "### Exercise: "
DETAILS = "difficulty N/5 · M minutes · cards: id, id"

_HEADING = re.compile(r"#+\s*Exercise\b\s*:?\s*(?P<title>.*)")
_DETAILS = re.compile(
    r"difficulty (?P<difficulty>[1-5])/5 · (?P<minutes>[1-9]\d*) minutes?(?: · cards: (?P<cards>[^·]+))?", re.IGNORECASE
)


@dataclass(frozen=True)
class Heading:
    """What one heading states, and the line of lesson.py that it is on."""

    title: str
    difficulty: int
    minutes: int
    cards: tuple[str, ...]
    line: int


def find(cell: Cell) -> tuple[list[Heading], list[tuple[int, str]]]:
    """The exercise headings of a markdown cell, and what they lack as (line, text)."""
    found: list[Heading] = []
    problems: list[tuple[int, str]] = []
    for row, text in enumerate(cell.lines):
        match = _HEADING.match(text)
        if match is None:
            continue
        line = cell.first + row
        if not match["title"] or not text.startswith(MARK):
            problems.append((line, f"an exercise heading reads `{MARK}title`, not `{text}`"))
        below = cell.lines[row + 1].strip() if row + 1 < len(cell.lines) else ""
        details = _DETAILS.fullmatch(below)
        if details is None:
            said = f"difficulty and minutes are missing: the line below the heading reads `{DETAILS}`, not `{below}`"
            problems.append((line, said))
            found.append(Heading(match["title"], 1, 1, (), line))
            continue
        cards = tuple(filter(None, map(str.strip, (details["cards"] or "").split(","))))
        found.append(Heading(match["title"], int(details["difficulty"]), int(details["minutes"]), cards, line))
    return found, problems


def pair(cells: tuple[Cell, ...]) -> tuple[dict[int, Heading], list[tuple[int, str]]]:
    """The heading of each solution cell, by that cell's line, and the problems: each heading has one solution."""
    found: dict[int, Heading] = {}
    problems: list[tuple[int, str]] = []
    waiting: list[Heading] = []
    for cell in cells:
        if cell.kind == "markdown":
            headings, wrong = find(cell)
            waiting += headings
            problems += wrong
        elif cell.kind == "solution":
            if waiting:
                found[cell.line] = waiting.pop()
            else:
                problems.append((cell.line, f"exercise `{cell.name}` has no heading `{MARK}title` in a markdown cell"))
            problems += _alone(waiting)
            waiting = []
    return found, problems + _alone(waiting)


def _alone(headings: list[Heading]) -> list[tuple[int, str]]:
    return [(heading.line, "no solution cell follows this exercise heading") for heading in headings]
