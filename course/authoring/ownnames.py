"""The names of a test cell are its own: its body becomes a function, so that nothing in it lands among the student's.

A helper `loss` of the student's and a variable `loss` of the test's then have nothing to do with each other, in one
kernel as in two processes, and on the second run of the cell as on the first. What that takes is refused here: a test
that calls the answer outside its checks, a `global`, and a check that leans on a name which only another check binds:
when that one raises, the next would fail by a missing name of the test's.
"""

import ast
import io
import tokenize
from collections.abc import Iterator

from course import scoping
from course.authoring.percent import Cell
from course.syntax import parsed

NOTE = '"""Names that are bound in here are the test\'s own."""'
INDENT = "    "
Finding = tuple[int, str]  # line of the file, text
Row = tuple[str, int]


def wrapped(name: str, rows: list[Row]) -> list[Row]:
    """The rows of a test cell as the body of a function, and its call."""
    inside = _in_strings("\n".join(text for text, _ in rows))
    first, last = rows[0][1], rows[-1][1]
    body = [
        (INDENT + text if text and number not in inside else text, line) for number, (text, line) in enumerate(rows)
    ]
    head = [("", first), (f"def {name}_tests():", first), (INDENT + NOTE, first)]
    return [*head, *body, ("", last), (f"{name}_tests()", last)]


def _in_strings(source: str) -> set[int]:
    """The rows (from 0) that begin inside a string, and must stay as they are."""
    found: set[int] = set()
    start = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == getattr(tokenize, "FSTRING_START", -1):
            start = token.start[0]
        elif token.type == getattr(tokenize, "FSTRING_END", -1):
            found |= set(range(start, token.end[0]))
        elif token.type == tokenize.STRING:
            found |= set(range(token.start[0], token.end[0]))
    return found


def check(cell: Cell, answer: frozenset[str]) -> Iterator[Finding]:
    """What in a test cell would not work as the body of a function, and checks that lean on one another.

    `answer` are the names that the exercise's solution binds: called outside a check, it could end the whole cell.
    """
    tree = parsed(cell.source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield cell.first + node.lineno - 1, "a test must not rebind the notebook's names: remove `global`"
    for node in tree.body:
        if not (_is_check(node) or isinstance(node, ast.FunctionDef | ast.ClassDef)):
            for name in sorted(answer & _called(node)):
                text = f"`{name}` is called outside a check, and what it raises would end the whole test"
                yield cell.first + node.lineno - 1, f"{text}: call it in each check that needs it"
    yield from _leaning(cell, tree)


def _leaning(cell: Cell, tree: ast.Module) -> Iterator[Finding]:
    """Names that a check reads and only another check binds."""
    shared = {name for node in tree.body if not _is_check(node) for name in _bound(node)}
    before: set[str] = set()
    for node in tree.body:
        for name in sorted(_read(node) & before - shared):
            text = f"`{name}` is bound in an earlier check only: when that one fails, this one misses it"
            yield cell.first + node.lineno - 1, f"{text}; bind it in here as well, or before both"
        if _is_check(node):
            before |= _bound(node)


def _is_check(node: ast.stmt) -> bool:
    return isinstance(node, ast.With) and ast.unparse(node.items[0].context_expr).startswith("checks.check(")


def _bound(node: ast.stmt) -> frozenset[str]:
    return scoping.binds(ast.unparse(node))


def _read(node: ast.stmt) -> frozenset[str]:
    return scoping.reads(ast.unparse(node))


def _called(node: ast.stmt) -> set[str]:
    calls = [part.func for part in ast.walk(node) if isinstance(part, ast.Call)]
    return {func.id for func in calls if isinstance(func, ast.Name)}
