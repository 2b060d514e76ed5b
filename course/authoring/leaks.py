"""What students must not find in release/: answers, hidden tests, mark schemes, markers, files from elsewhere."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

from course.authoring import blanks, clozes, regions
from course.authoring.lesson import Lesson, read
from course.authoring.percent import PRIVATE, Cell
from course.authoring.problems import Problem
from course.cloze import magic, markup
from course.folder import CourseFolder
from course.worked import PREFIX

# A private line with fewer visible characters says nothing (`return x`), and is in every notebook by chance.
SHORTEST = 8
# A line of another lesson's answers with fewer is what anybody would write (`return nn.Sequential(`).
LONGEST = 5000  # characters of a line that can be text
SHORTEST_ELSEWHERE = 22
# A whole answer with fewer is not a secret when it also stands elsewhere (`loss.backward()`).
SHORTEST_ANSWER = 20

_OPENING = 6  # characters: fewer than any secret has

CLOZE = "cloze answer"
REASONING = "reasoning"  # prose: a short line of it may well stand elsewhere

KINDS: dict[regions.Region, str] = {
    "SOLUTION": "solution",
    "HIDDEN TESTS": "hidden test",
    "MARK SCHEME": "mark scheme",
}
ANSWERS: tuple[regions.Region, ...] = ("SOLUTION", "MARK SCHEME")


@dataclass(frozen=True, order=True)
class Leak:
    """One thing in release/ that does not belong there; prints as `release/04_x/04_x.ipynb: cell p_norm: ...`."""

    path: Path
    place: str
    text: str

    def __str__(self) -> str:
        return ": ".join(filter(None, ["/".join(self.path.parts), self.place, self.text]))


@dataclass(frozen=True)
class Secret:
    """A private line and where it was written."""

    kind: str
    text: str
    origin: str


class Secrets(list[Secret]):
    """Private lines that are looked for in many others."""

    @cached_property
    def _by_opening(self) -> dict[str, list[Secret]]:
        found: dict[str, list[Secret]] = {}
        for secret in self:
            found.setdefault(secret.text[:_OPENING], []).append(secret)
        return found

    def within(self, line: str) -> list[Secret]:
        """Those that stand in a line: of each place in it only the secrets that begin alike are tried."""
        openings = {line[at : at + _OPENING] for at in range(len(line) - _OPENING + 1)} & self._by_opening.keys()
        return [secret for opening in sorted(openings) for secret in self._by_opening[opening] if secret.text in line]


@dataclass(frozen=True)
class Sides:
    """The lines of one lesson, spaces evened out: those that students see, and those that they must not."""

    public: frozenset[str]
    secrets: tuple[Secret, ...]


def scan(folder: CourseFolder) -> list[Leak]:
    """Everything in release/ that students must not get; LessonError when a lesson cannot be read."""
    lessons = {name: read(folder.lessons / name) for name in folder.lesson_names()}
    return scan_release(folder.release, lessons, folder.source)


def scan_release(release: Path, lessons: dict[str, Lesson], source: Path) -> list[Leak]:
    """The same for a release folder and lessons in hand; a folder without lesson is compared with its source/."""
    foreign = {path.name: path for path in source.glob("*") if path.is_dir() and path.name not in lessons}
    known = {name: sides(lesson) for name, lesson in lessons.items()}
    known |= {name: _foreign_sides(path) for name, path in foreign.items()}
    expected = {name: _files(lesson) for name, lesson in lessons.items()}
    expected |= {name: {p.relative_to(path) for p in path.rglob("*")} for name, path in foreign.items()}
    found: list[Leak] = []
    for path in sorted(path for path in release.rglob("*") if path.is_file()):
        inside = path.relative_to(release)
        shown = Path(release.name) / inside
        name = inside.parts[0]
        if path.is_symlink() or Path(*inside.parts[1:]) not in expected.get(name, set()):
            found.append(Leak(shown, "", "this file comes from no lesson: delete it"))
        public = known[name].public if name in known else frozenset[str]()
        secrets = _secrets_for(name, known)
        found += [Leak(shown, place, text) for place, text in _in_file(path, public, secrets)]
        if name in lessons and path.suffix == ".ipynb":
            found += [Leak(shown, place, text) for place, text in _unfilled(path, lessons[name])]
    return sorted(set(found))


def scan_pages(pages: Path, lessons: dict[str, Lesson]) -> list[Leak]:
    """What pages made of lessons show that students must not get: page notebooks, or HTML by the text that it shows."""
    known = {name: sides(lesson) for name, lesson in lessons.items()}
    public = frozenset[str]().union(*(each.public for each in known.values()))
    prose, private = "\n".join(public), {secret.text for each in known.values() for secret in each.secrets}
    in_prose = {text for text in private if text in prose}  # in HTML it stands without its marks, in other lines
    found: list[Leak] = []
    for path in sorted(path for path in pages.rglob("*") if path.suffix in (".ipynb", ".html")):
        html, text = path.suffix == ".html", path.read_text("utf-8")
        lines = _text_of(text).splitlines() if html else list(_strings(json.loads(text)))
        lines = [line for line in lines if len(line) < LONGEST]  # a picture is one long line
        allowed = in_prose if html else public
        secrets = Secrets(s for s in _secrets_for(path.stem, known) if s.text not in allowed)
        leaks = _in_lines("", lines, public, secrets)
        if html and path.stem not in known:  # a guide may speak of the markers
            leaks = held("", lines, public, secrets)
        found += [Leak(path.relative_to(pages.parent), *leak) for leak in leaks]
    return sorted(set(found))


def _secrets_for(name: str, known: dict[str, Sides]) -> Secrets:
    """What must not stand in a file of this lesson: its own secrets, and those of others that tell something."""
    others = (secret for other, each in known.items() if other != name for secret in each.secrets)
    others = (
        secret for secret in others if not secret.text.startswith(("# spoiler:", "# keeper:"))
    )  # an author's mark
    # Two decks, or a deck and a lesson, may well hold the same line.
    telling = [s for s in others if _weight(s.text) >= SHORTEST_ELSEWHERE and s.kind != CLOZE]
    return Secrets([*telling, *(known[name].secrets if name in known else ())])


def _text_of(page: str) -> str:
    """What a page of HTML shows as text."""
    parts: list[str] = []
    parser = HTMLParser()
    parser.handle_data = parts.append  # type: ignore[assignment, method-assign]
    parser.feed(page)
    parser.close()
    return "".join(parts)


def sides(lesson: Lesson) -> Sides:
    """What of a lesson is public and what is private."""
    public: set[str] = set()
    secrets: list[Secret] = []
    for cell in lesson.cells:
        private = dict(_private(cell))
        for row, line in enumerate(cell.lines):
            if row in private:
                origin = lesson.script.named(cell.first + row)
                secrets.append(Secret(private[row], _even(line), origin))
            else:
                public.add(_even(regions.starter(line) or line))
        public |= {_even(line) for line in markup.released(cell.pieces).split("\n")}
    return Sides(frozenset(public), _telling(secrets))


def given_away(lesson: Lesson) -> list[Problem]:
    """Exercises and questions whose whole answer a student can read elsewhere in the same lesson."""
    shown = [(cell, _visible(cell)) for cell in lesson.cells]
    found: list[Problem] = []
    for cell in lesson.cells:
        answer = list(_answer(cell))
        # A deck repeats itself: one card shows what the next one hides, and the student has the deck.
        if cell.pieces or sum(_weight(line) for run in answer for line in run) < SHORTEST_ANSWER:
            continue
        places = [_where(run, shown) for run in answer]
        if all(places):
            text = f"this shows the answer of `{cell.name}` ({lesson.script.named(cell.line)}) to every student"
            found.append(lesson.script.located(Problem(lesson.path, max(places), text)))
    return found


def _files(lesson: Lesson) -> set[Path]:
    return {Path(f"{lesson.name}.ipynb"), *(path.relative_to(lesson.folder) for path in lesson.data)}


def _private(cell: Cell) -> Iterator[tuple[int, str]]:
    """The rows of a cell that students must not see, and what they are."""
    if cell.kind in PRIVATE:
        kind = REASONING if cell.kind == "explains" else f"{cell.kind} answer"
        yield from ((row, kind) for row in range(len(cell.lines)))
    for region in regions.REGIONS:
        for span in regions.spans(cell.lines, region)[0]:
            inside = range(span.begin, span.end + 1)
            yield from ((row, KINDS[region]) for row in inside if regions.starter(cell.lines[row]) is None)
    if cell.kind == "solution" and cell.pieces:
        yield from ((row, CLOZE) for row in sorted(clozes.rows_with_blanks(cell.pieces)))
    elif cell.kind == "solution":
        yield from ((row, "solution") for row, line in enumerate(cell.lines) if blanks.MARK.search(line))


def _unfilled(path: Path, lesson: Lesson) -> Iterator[tuple[str, str]]:
    """The cloze cells of a released notebook that are not just what they are without their answers."""
    wanted = {cell.name: clozes.released(cell) for cell in lesson.cells if cell.pieces and cell.kind == "solution"}
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"] if wanted else []
    except (ValueError, KeyError, TypeError):
        return  # said elsewhere
    for cell in cells:
        name = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
        if name in wanted and "".join(cell.get("source", "")) != wanted[name]:
            yield f"cell {name}", "is not the cloze of its lesson without the answers"


def _foreign_sides(folder: Path) -> Sides:
    """The sides of an assignment that was written as a notebook, by nbgrader's own markers."""
    public: set[str] = set()
    secrets: list[Secret] = []
    for path in sorted(folder.glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf-8")).get("cells", []):
            lines = tuple("".join(cell.get("source", "")).split("\n"))
            private = dict(_private(Cell("solution" if cell.get("cell_type") == "code" else "markdown", 0, 0, lines)))
            public |= {_even(line) for row, line in enumerate(lines) if row not in private}
            secrets += [Secret(kind, _even(lines[row]), f"{folder.name}/{path.name}") for row, kind in private.items()]
    return Sides(frozenset(public), _telling(secrets))


def _telling(secrets: list[Secret]) -> tuple[Secret, ...]:
    """The secrets that are long enough to tell something, without the markers around them."""
    return tuple(each for each in secrets if _weight(each.text) >= _shortest(each) and not regions.mentions(each.text))


def _shortest(secret: Secret) -> int:
    return SHORTEST_ELSEWHERE if secret.kind == REASONING else SHORTEST


def _in_file(path: Path, public: frozenset[str], secrets: Secrets) -> Iterator[tuple[str, str]]:
    """The leaks of one file as (place, text); of a notebook in every string that it holds."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return  # binary data holds no line to compare
    if path.suffix != ".ipynb":
        yield from _in_lines("", text.splitlines(), public, secrets)
        return
    try:
        notebook = json.loads(text)
        cells = list(notebook["cells"])
    except (ValueError, KeyError, TypeError):
        yield "", "this is not a notebook"
        return
    for number, cell in enumerate(cells):
        place = f"cell {cell.get('id', number)}"
        source = "".join(cell.pop("source", ""))
        if cell.get("outputs"):
            yield place, "has outputs, which a release never has"
        if cell.get("cell_type") == "code":
            yield from _markers(place, source)
        yield from _in_lines(place, source.split("\n"), public, secrets)
        yield from _in_lines(f"{place}, outside its text", _strings(cell), public, secrets)
    yield from _in_lines("metadata", _strings({**notebook, "cells": []}), public, secrets)


def _markers(place: str, source: str) -> Iterator[tuple[str, str]]:
    """The builder's own markers in a code cell; what a cloze cell holds is not code of ours."""
    if magic.name_of(source) or clozes.is_test(source):
        return
    if blanks.marked(source):
        yield place, "holds a `#?` marker"
    if any(regions.starter(line) is not None for line in source.split("\n")):
        yield place, "holds a `#!` marker"


def _in_lines(place: str, lines: Iterable[str], public: frozenset[str], secrets: Secrets) -> Iterator[tuple[str, str]]:
    lines = list(lines)
    yield from ((place, f"holds the marker {marker}") for line in lines for marker in regions.mentions(line))
    yield from ((place, "holds a sealed solution") for line in lines if PREFIX in line)
    yield from held(place, lines, public, secrets)


def held(place: str, lines: Iterable[str], public: frozenset[str], secrets: Secrets) -> Iterator[tuple[str, str]]:
    """The private lines among these."""
    for line in lines:
        even = _even(line)
        if even in public or _weight(even) < SHORTEST:
            continue
        if held := secrets.within(even):
            longest = max(held, key=lambda secret: len(secret.text))
            yield place, f"holds the {longest.kind} line `{longest.text}` of {longest.origin}"


def _strings(value: object) -> Iterator[str]:
    """Every line of every string in a JSON value, keys included."""
    if isinstance(value, str):
        yield from value.split("\n")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        if value and all(isinstance(inner, str) for inner in value):
            yield from "".join(value).split("\n")
        for inner in value:
            yield from _strings(inner)


def _even(line: str) -> str:
    """A line with its spaces evened out and a `#?` marker cut off."""
    mark = blanks.MARK.search(line)
    return " ".join((line[: mark.start()] if mark else line).split())


def _weight(line: str) -> int:
    """How many characters a reader sees; a line without a word weighs nothing."""
    return len(re.sub(r"\s", "", line)) if re.search(r"[^\W_]", line) else 0


def _answer(cell: Cell) -> Iterator[tuple[str, ...]]:
    """What a student has to find out in this cell, one run of lines for each region and each blanked line."""
    if cell.kind == "right":
        yield tuple(filter(None, map(_even, cell.lines)))
    for region in ANSWERS:
        for span in regions.spans(cell.lines, region)[0]:
            inner = cell.lines[span.begin + 1 : span.end]
            yield tuple(_even(line) for line in inner if line.strip() and regions.starter(line) is None)
    if cell.kind == "solution":
        yield from ((_even(line),) for line in cell.lines if blanks.MARK.search(line))


def _visible(cell: Cell) -> list[tuple[int, str]]:
    """The lines of a cell that students see, with their rows."""
    private = dict(_private(cell))
    lines = [(row, _even(line)) for row, line in enumerate(cell.lines) if row not in private]
    return [(row, line) for row, line in lines if line and regions.starter(line) is None]


def _where(run: tuple[str, ...], shown: list[tuple[Cell, list[tuple[int, str]]]]) -> int:
    """The first line of the lesson that shows a run of lines to students; 0 when none does."""
    for cell, visible in shown:
        for start in range(len(visible) - len(run) + 1):
            lines = tuple(line for _, line in visible[start : start + len(run)])
            if lines == run or (not cell.is_code and len(run) == 1 and run[0] in lines[0]):
                return cell.first + visible[start][0]
    return 0
