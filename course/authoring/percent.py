"""Percent scripts: the cells of a lesson.py and the words on their header lines."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from course.authoring.problems import Problem
from course.cloze.blanks import Blank

Kind = Literal[
    "markdown", "question", "setup", "demo", "solution", "tests", "cloze", "wrong", "right", "equivalent", "explains"
]

KEPT: tuple[Kind, ...] = ("wrong", "right", "equivalent")  # what the audit needs
PRIVATE: tuple[Kind, ...] = (*KEPT, "explains")  # never in source/ or release/
PROSE: tuple[Kind, ...] = ("markdown", "question", "explains")
NAMING: tuple[Kind, ...] = ("solution", "tests", "cloze", *PRIVATE, "question")
TAKES: dict[str, tuple[str, ...]] = {
    "solution": ("promises",),
    "tests": ("points", "uses"),
    "cloze": ("points",),
    "question": ("points",),
}
LONGEST_NAME = 50
PROMISES = "# promises: "  # below the header of a solution, where the header would become too long

_HEADER = re.compile(r"# %%(?:\s+(?P<words>.*))?$")
_WORD = re.compile(r'(?P<key>[A-Za-z_]\w*)=(?:"(?P<quoted>[^"]*)"|(?P<plain>[^"\s]+))(?=\s|$)|(?P<other>\S+)')
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Cell:
    """One cell: what it is, where its header stands, and its text (of markdown cells without the `# `).

    `pieces` is the code with its blanks of the two cells that a cloze cell becomes (course.authoring.clozes).
    """

    kind: Kind
    line: int
    first: int
    lines: tuple[str, ...]
    name: str = ""
    points: float | None = None
    uses: tuple[str, ...] = ()
    note: str = ""
    pieces: tuple[str | Blank, ...] = ()
    promises: str = ""  # of a solution, as its header says them

    @property
    def source(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_code(self) -> bool:
        return self.kind not in PROSE


def parse(path: Path, text: str) -> tuple[tuple[Cell, ...], tuple[Problem, ...]]:
    """The cells of a percent script and the problems of its headers and markdown."""
    problems: list[Problem] = []
    rows = text.splitlines()
    heads = [index for index, row in enumerate(rows) if row.startswith("# %%")]
    problems += [
        Problem(path, index + 1, "code before the first `# %%` belongs to no cell: put a cell header above it")
        for index, row in enumerate(rows[: heads[0] if heads else None])
        if row.strip() and not row.startswith("#")
    ]
    if not heads:
        problems.append(Problem(path, 1, "no cell in this file: a cell starts with a line `# %%`"))
        return (), tuple(problems)
    cells = []
    for head, stop in zip(heads, [*heads[1:], len(rows)], strict=True):
        cell, wrong = _cell(head, rows[head], rows[head + 1 : stop])
        cells.append(cell)
        problems += [Problem(path, line, text) for line, text in wrong]
    return tuple(cells), tuple(problems)


def _cell(head: int, header: str, body: list[str]) -> tuple[Cell, list[tuple[int, str]]]:
    """One cell from its header (at row `head`, counted from 0) and its rows, with the problems of both."""
    cell, problems = _headed(head + 1, header)
    first = head + 2
    if not cell.is_code:
        problems += [
            (first + index, "text in a markdown cell starts with `# `; code needs a cell of its own")
            for index, row in enumerate(body)
            if row.strip() and not row.startswith("#")
        ]
        body = [re.sub(r"^# ?", "", row) for row in body]
    body = [row.rstrip() for row in body]
    while body and (not body[0] or (cell.kind == "solution" and body[0].startswith(PROMISES))):
        said = body[0].removeprefix(PROMISES).strip()
        cell = replace(cell, promises=f"{cell.promises}, {said}".strip(", ") if said else cell.promises)
        body, first = body[1:], first + 1
    while body and not body[-1]:
        body.pop()
    if not body:
        problems.append((head + 1, "this cell is empty: fill it or delete its header"))
    return replace(cell, first=first, lines=tuple(body)), problems


def _headed(line: int, header: str) -> tuple[Cell, list[tuple[int, str]]]:
    """An empty cell with what its header line says."""
    problems: list[str] = []
    match = _HEADER.match(header)
    if match is None:
        return Cell("demo", line, line + 1, ()), [(line, f"cannot read the cell header `{header}`: write `# %% ...`")]
    markdown, bare, pairs = _words(match["words"] or "", problems)
    kinds: list[Kind] = [kind for kind in NAMING if kind in pairs]
    if bare:
        kinds.append("setup")
    if len(kinds) > 1:
        problems.append(f"a cell has one kind, but this header says {' and '.join(kinds)}")
    kind: Kind = kinds[0] if kinds else "markdown" if markdown else "demo"
    if markdown != (kind in PROSE):
        problems.append(f"`{kind}` {'cannot be' if markdown else 'must be'} a [markdown] cell")
    name, _, note = pairs.pop(kind, "").partition(":") if kind in KEPT else (pairs.pop(kind, ""), "", "")
    extra = [key for key in pairs if key not in TAKES.get(kind, ()) and key not in kinds]
    problems += [_unknown(f'{key}="{pairs[key]}"') for key in extra]
    cell = Cell(
        kind,
        line,
        line + 1,
        (),
        name.strip(),
        _points(pairs.get("points"), kind, problems),
        tuple(re.split(r"[\s,]+", pairs["uses"].strip())) if pairs.get("uses", "").strip() else (),
        note.strip(),
        promises=pairs.get("promises", "").strip(),
    )
    problems += _naming(cell)
    return cell, [(line, text) for text in problems]


def _words(words: str, problems: list[str]) -> tuple[bool, bool, dict[str, str]]:
    """Whether `[markdown]` and `setup` are there, and the `key=value` pairs."""
    found: set[str] = set()
    pairs: dict[str, str] = {}
    for match in _WORD.finditer(words):
        if match["other"] in ("[markdown]", "setup"):
            found.add(match["other"])
        elif match["other"]:
            problems.append(_unknown(match["other"]))
        elif match["key"] in pairs:
            problems.append(f"`{match['key']}=` appears twice")
        elif match["key"] not in (*NAMING, "points", "uses", "promises"):
            problems.append(_unknown(match[0]))
        else:
            pairs[match["key"]] = match["plain"] if match["quoted"] is None else match["quoted"]
    return "[markdown]" in found, "setup" in found, pairs


def _unknown(word: str) -> str:
    if word.startswith("cards="):
        return f"unknown header word `{word}`: cards are named in the exercise's heading (`... · cards: id, id`)"
    return (
        f"unknown header word `{word}`: known are [markdown], setup, solution= (with promises=), "
        "tests= (with points=, uses=), "
        "cloze= (with points=), wrong=, right=, equivalent=, explains= and question= (with points=)"
    )


def _points(given: str | None, kind: Kind, problems: list[str]) -> float | None:
    """The number after `points=`; a problem when it is missing where it is needed, or no positive number."""
    if given is None:
        if (
            "points" in TAKES.get(kind, ()) and kind != "cloze"
        ):  # a cloze has one point a blank unless it says otherwise
            problems.append(f"no points: write `points=N` after `{kind}=`")
        return None
    try:
        value = float(given)
    except ValueError:
        value = 0.0
    if not 0 < value < 1000:
        problems.append(f"points must be a number above 0, not `{given}`")
        return None
    return int(value) if value.is_integer() else value


def _naming(cell: Cell) -> list[str]:
    """What is wrong with a cell's name or description."""
    if cell.kind not in NAMING:
        return []
    if not _NAME.fullmatch(cell.name) or len(cell.name) > LONGEST_NAME:
        return [f"bad name `{cell.name}`: use a letter, then letters, digits and _, at most {LONGEST_NAME} in all"]
    if cell.name.endswith("_tests") or re.fullmatch(r"setup_\d+", cell.name):
        return [f"bad name `{cell.name}`: names ending in _tests and names like setup_1 are the builder's own"]
    if cell.kind in KEPT and not cell.note:
        what = "why no test can detect this mutant" if cell.kind == "equivalent" else "what this answer does"
        return [f'say in a few words {what}: {cell.kind}="{cell.name}: ..."']
    return []
