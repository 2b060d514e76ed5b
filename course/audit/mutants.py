"""Mutants: an answer with one small mistake in it, of the kinds that people make in this field."""

import ast
import copy
import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from course.audit.mistakes import proposals
from course.authoring import blanks
from course.syntax import parsed


@dataclass(frozen=True)
class Mutant:
    """A source with one mistake; `difference` holds the lines taken away and put in, as `- old` and `+ new`."""

    mistake: str
    source: str
    difference: tuple[str, ...]


def mutants(source: str, lines: Collection[int]) -> list[Mutant]:
    """Every mutant with its mistake in one of `lines` (from 1) of a Python source; each only once."""
    tree = parsed(source)
    original = ast.unparse(tree)
    seen = {original}
    found = []
    for place, node in enumerate(ast.walk(tree)):
        where = node.target if isinstance(node, ast.comprehension) else node
        if getattr(where, "lineno", 0) not in lines:
            continue
        for mistake, replacement in proposals(node):
            text = _with(tree, place, replacement)
            if text is None or text in seen:
                continue
            seen.add(text)
            found.append(Mutant(mistake, text, _difference(original, text)))
    return found


def _with(tree: ast.Module, place: int, replacement: ast.AST | None) -> str | None:
    """The source with the node at `place` of the walk replaced, or taken out for None; None when it is not Python."""
    changed = copy.deepcopy(tree)
    target = list(ast.walk(changed))[place]
    _Replace(target, replacement).visit(changed)
    try:
        text = ast.unparse(ast.fix_missing_locations(changed))
        compile(text, "<mutant>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError):
        return None
    return text


class _Replace(ast.NodeTransformer):
    def __init__(self, target: ast.AST, replacement: ast.AST | None) -> None:
        self.target, self.replacement = target, replacement

    def visit(self, node: ast.AST) -> ast.AST | None:
        return self.replacement if node is self.target else self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            if field == "body" and getattr(node, field, None) == []:
                setattr(node, field, [ast.Pass()])
        return node


def _difference(before: str, after: str) -> tuple[str, ...]:
    rows = difflib.ndiff(before.splitlines(), after.splitlines())
    return tuple(f"{row[0]} {row[2:].strip()}" for row in rows if row[0] in "-+")


def student_lines(rows: Collection[str]) -> set[int]:
    """The lines (from 1) of a solution cell that a student writes: solution regions and lines with blanks."""
    return set(_student_lines(rows))


def _student_lines(rows: Collection[str]) -> Iterator[int]:
    inside = False
    for number, row in enumerate(rows, 1):
        if "BEGIN SOLUTION" in row or "END SOLUTION" in row:
            inside = "BEGIN SOLUTION" in row
        elif inside or blanks.MARK.search(row):
            yield number
