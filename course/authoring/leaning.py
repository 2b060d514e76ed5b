"""Whose names a cell reads: a test may not lean on what a student could rebind, unless its header says so."""

import ast
from collections.abc import Iterator
from pathlib import Path

from course import scoping
from course.authoring import regions
from course.authoring.percent import KEPT, Cell
from course.authoring.problems import Problem
from course.syntax import parsed


def check(path: Path, cells: tuple[Cell, ...]) -> list[Problem]:
    """Every name that a cell may not read; the cells must be Python."""
    built = [cell for cell in cells if cell.is_code and cell.kind not in KEPT]
    found: list[Problem] = []
    for place, cell in enumerate(built):
        look = _in_test if cell.kind == "tests" else _elsewhere
        found += [Problem(path, line, text) for line, text in look(cell, built[:place])]
    return found


def _in_test(test: Cell, before: list[Cell]) -> Iterator[tuple[int, str]]:
    """What a test reads although a student could rebind it, or although nothing binds it."""
    seen = scoping.reads(test.source) | scoping.reads(regions.public(test.lines))
    for name in sorted(seen):
        if text := _trouble(name, test, before):
            yield _line(name, test), text
    for name in test.uses:
        if _binder(name, before) is None:
            yield test.line, f'uses="{name}": no cell before this test binds `{name}`'
        elif name not in seen:
            yield test.line, f'uses="{name}": this test does not read `{name}`'


def _elsewhere(cell: Cell, before: list[Cell]) -> Iterator[tuple[int, str]]:
    """Names that only a test cell binds: where tests run apart, nothing else has them."""
    for name in sorted(scoping.reads(cell.source)):
        binders = [other for other in before if name in scoping.binds(other.source)]
        if binders and all(other.kind == "tests" for other in binders):
            text = f"`{name}` comes from the test cell at line {binders[-1].line}: bind it in a setup cell instead"
            yield _line(name, cell), text


def _trouble(name: str, test: Cell, before: list[Cell]) -> str:
    """Why this test may not read this name, or nothing."""
    place = _binder(name, before)
    if place is None:
        hidden = " outside its hidden region, which release/ lacks" if name in scoping.binds(test.source) else ""
        return f"the test reads `{name}`, which nothing before it binds{hidden}"
    if name in scoping.binds(test.source):
        return f"the test reads `{name}` from the notebook and also binds it: give the test's own variable another name"
    if name in test.uses:
        return ""
    way = f'say uses="{name}" in its header, or make it in the test or in a setup cell'
    cell = before[place]
    if cell.kind == "solution":
        return "" if cell.name == test.name else f"the test reads `{name}`, the answer to exercise `{cell.name}`: {way}"
    if cell.kind != "setup":
        return (
            f"the test reads `{name}` from the {cell.kind} cell at line {cell.line}, which is not locked setup: {way}"
        )
    for source, part in sorted(_taken(place, before, frozenset())):
        if before[source].name != test.name:
            return f"the test reads `{name}`, which setup makes from `{part}`, and students can change that: {way}"
    return ""


def _binder(name: str, cells: list[Cell]) -> int | None:
    """The place of the last cell that binds the name."""
    return next((place for place in reversed(range(len(cells))) if name in scoping.binds(cells[place].source)), None)


def _taken(place: int, cells: list[Cell], seen: frozenset[int]) -> frozenset[tuple[int, str]]:
    """What a setup cell, or setup before it, takes from cells that students may edit: their places and the names."""
    found: set[tuple[int, str]] = set()
    for name in scoping.reads(cells[place].source):
        binder = _binder(name, cells[:place])
        if binder is None:  # a function of this cell may read what is bound only later
            binder = _binder(name, cells)
        if binder is None or binder == place or binder in seen:
            continue
        if cells[binder].kind != "setup":
            found.add((binder, name))
        else:
            found |= _taken(binder, cells, seen | {place})
    return frozenset(found)


def _line(name: str, cell: Cell) -> int:
    """The first line of the cell that reads the name."""
    nodes = [node for node in ast.walk(parsed(cell.source)) if isinstance(node, ast.Name) and node.id == name]
    return cell.first + min((node.lineno - 1 for node in nodes if isinstance(node.ctx, ast.Load)), default=0)
