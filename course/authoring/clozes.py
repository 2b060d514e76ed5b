"""Cloze exercises of a lesson: one `cloze=` cell of comments becomes an answer cell and its test cell.

The code and its answers stand in lesson.py once, in lines that begin with `# | `, since they need not be Python. From
them come the answers in source/, the `____` in release/, the test with one check a blank, the points, and the right
and wrong answers that the audit tries.
"""

import keyword
import re
from collections.abc import Iterator
from dataclasses import replace

from course.authoring.percent import Cell
from course.cloze import magic, markup, tokens
from course.cloze.blanks import Blank

MARK = "# |"
SHEET = "given = cloze.given("  # how the public part of the test cell begins
_HIDDEN = re.compile(r"given\.mark\(|    cloze\.blank\(.*\),|\)|")
_WRONG = "not_the_answer"

Finding = tuple[int, str]  # line of the file, text


def expanded(cells: tuple[Cell, ...]) -> tuple[tuple[Cell, ...], list[Finding]]:
    """The cells with an answer cell and a test cell for each cloze cell, and what is wrong with those."""
    found: list[Cell] = []
    problems: list[Finding] = []
    for cell in cells:
        if cell.kind != "cloze":
            found.append(cell)
            continue
        pieces, wrong = _pieces(cell)
        problems += wrong
        found += _pair(cell, pieces or (Blank("unread"),))  # so that its heading is not blamed as well
    return tuple(found), problems


def body(pieces: tuple[markup.Piece, ...]) -> list[str]:
    """The lines of a cloze cell in lesson.py."""
    return [f"{MARK} {line}".rstrip() for line in markup.write(pieces).split("\n")]


def released(cell: Cell) -> str:
    """The answer cell as students get it."""
    return f"{magic.head(cell.name)}\n{markup.released(cell.pieces)}"


def is_test(source: str) -> bool:
    """Whether a built test cell is that of a cloze exercise, and nothing else is hidden in it."""
    lines = source.split("\n")
    if not any(line.startswith(SHEET) for line in lines):
        return False
    begin = next((row for row, line in enumerate(lines) if line == "### BEGIN HIDDEN TESTS"), None)
    end = next((row for row, line in enumerate(lines) if line == "### END HIDDEN TESTS"), None)
    return begin is None or (end is not None and all(_HIDDEN.fullmatch(line) for line in lines[begin + 1 : end]))


def are_hidden(lines: list[str]) -> bool:
    """Whether all hidden lines of a test cell are a cloze exercise's answers, which call no student's code."""
    return bool(lines) and all(_HIDDEN.fullmatch(line) for line in lines)


def rows_with_blanks(pieces: tuple[markup.Piece, ...]) -> set[int]:
    """The rows of the answer cell that hold a part of an answer."""
    row, found = 1, set[int]()
    for piece in pieces:
        text = piece.answer if isinstance(piece, Blank) else piece
        if isinstance(piece, Blank):
            found |= set(range(row, row + text.count("\n") + 1))
        row += text.count("\n")
    return found


def right_answers(cell: Cell) -> Iterator[tuple[str, str]]:
    """The answer cell with the listed alternatives, as many at once as can be, each with what it is."""
    blanks = markup.blanks(cell.pieces)
    for rank in range(max(len(blank.alternatives) for blank in blanks)):
        chosen = [blank.alternatives[rank] if rank < len(blank.alternatives) else blank.answer for blank in blanks]
        yield f"alternatives {rank + 1}", _answered(cell, chosen)


def wrong_answers(cell: Cell, points: float) -> Iterator[tuple[str, str, float]]:
    """The answer cell with one blank wrong: what it is, its text, and the points that it must earn."""
    blanks = markup.blanks(cell.pieces)
    for number in range(len(blanks)):
        chosen = [_WRONG if place == number else blank.answer for place, blank in enumerate(blanks)]
        yield f"blank {number + 1} wrong", _answered(cell, chosen), points * (1 - 1 / len(blanks))


def _answered(cell: Cell, answers: list[str]) -> str:
    rest = iter(answers)
    text = "".join(next(rest) if isinstance(piece, Blank) else piece for piece in cell.pieces)
    return f"{magic.head(cell.name)}\n{text}"


def _pieces(cell: Cell) -> tuple[tuple[markup.Piece, ...], list[Finding]]:
    """The code of a cloze cell in pieces; none when something is wrong with it."""
    problems: list[Finding] = []
    for row, line in enumerate(cell.lines):
        if not line.startswith(MARK):
            problems.append((cell.first + row, f"a line of a cloze cell begins with `{MARK} `: none of it is run"))
    if not cell.name.isidentifier() or keyword.iskeyword(cell.name):
        problems.append((cell.line, f"a cloze needs the name of a variable, and `{cell.name}` is not one"))
    text = "\n".join(line.removeprefix(MARK).removeprefix(" ") for line in cell.lines)
    try:
        pieces = markup.parse(text)
    except markup.MarkupError as error:
        return (), [*problems, (cell.first + error.row, str(error))]
    problems += [(cell.line, fault) for fault in faults(pieces)]
    return (() if problems else pieces), problems


def faults(pieces: tuple[markup.Piece, ...]) -> Iterator[str]:
    """Why code with blanks cannot be a cloze exercise."""
    found = markup.blanks(pieces)
    if not found:
        yield "nothing to fill in: write a blank as {{answer}}, {{answer||as good}} or {{answer::hint}}"
    if any(markup.UNFILLED in piece for piece in pieces if isinstance(piece, str)):
        yield f"the code itself holds {markup.UNFILLED}, which is how a blank looks: students could not tell them apart"
    for blank in found:
        for answer in (blank.answer, *blank.alternatives):
            if not answer.strip() or answer.strip() == markup.UNFILLED:
                yield f"`{answer}` cannot be an answer: it is what an empty blank holds"
            elif tokens.same(_WRONG, answer):
                yield f"`{answer}` cannot be an answer: the audit uses it as a wrong one"
    if "AUTOTEST" in markup.filled(pieces):
        yield "the code holds the word AUTOTEST, at which nbgrader would run what follows it"


def _pair(cell: Cell, pieces: tuple[markup.Piece, ...]) -> tuple[Cell, Cell]:
    """The answer cell and the test cell."""
    points = cell.points or len(markup.blanks(pieces))
    built = replace(cell, first=cell.line, pieces=pieces, points=None)
    lines = (magic.head(cell.name), *markup.filled(pieces).split("\n"))
    solution = replace(built, kind="solution", lines=lines)
    return solution, replace(built, kind="tests", lines=tuple(_test(cell.name, pieces, points)), points=points)


def _test(name: str, pieces: tuple[markup.Piece, ...], points: float) -> Iterator[str]:
    """The lines of the test cell: the template in the open, the answers among the hidden tests."""
    found = markup.blanks(pieces)
    public = tuple(Blank("", piece.hint) if isinstance(piece, Blank) else piece for piece in pieces)
    yield from f"{SHEET}{name}, {_literal(markup.write(public))})".split("\n")
    yield "### BEGIN HIDDEN TESTS"
    yield "given.mark("
    for blank in found:
        answers = ", ".join(map(repr, dict.fromkeys((blank.answer, *blank.alternatives))))
        hint = f", hint={blank.hint!r}" if blank.hint else ""
        yield f"    cloze.blank({answers}, points={_number(points / len(found))}{hint}),"
    yield ")"
    yield "### END HIDDEN TESTS"
    yield "given.look()"


def _number(points: float) -> str:
    return repr(int(points) if float(points).is_integer() else points)


def _literal(text: str) -> str:
    """The text as a literal that shows its lines where that can be."""
    for quotes in ('"""', "'''"):
        if quotes not in text and all(sign.isprintable() or sign in "\n\t" for sign in text):
            return f"r{quotes}\n{text}\n{quotes}"
    return repr(text)
