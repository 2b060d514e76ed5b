"""Promises in a lesson: from the header of a solution into its test cell, and the rules that keep both honest."""

import ast
from collections.abc import Collection, Iterator
from dataclasses import replace

from course import promises
from course.authoring import regions
from course.authoring.percent import Cell
from course.syntax import parsed

FORMS = ("numbers", "tensor", "tensors")  # promises that may name functions
EXAMPLES = "examples"  # the test cell's function that yields calls of the student's code
Finding = tuple[int, str]  # line of the file, text


def joined(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """The cells, with the promises of each solution in its test cell as well."""
    said = {cell.name: cell.promises for cell in cells if cell.kind == "solution"}
    return tuple(replace(cell, promises=said.get(cell.name, "")) if cell.kind == "tests" else cell for cell in cells)


def of(cell: Cell) -> tuple[promises.Promise, ...]:
    """The promises of a solution or test cell; none when they cannot be read, which `check` reports."""
    try:
        return promises.parse(cell.promises)
    except promises.PromiseError:
        return ()


def call(cell: Cell) -> str:
    """The line of a test cell that tries the promises; empty when there are none."""
    if not cell.promises:
        return ""
    return f'checks.promises({EXAMPLES}, "{cell.promises}", points={cell.points:g})'


def row(cell: Cell) -> int:
    """The row of a test cell before which that line stands: at the end of the part that defines the examples."""
    spans, _ = regions.spans(cell.lines, "HIDDEN TESTS")
    if not spans:
        return len(cell.lines)
    hidden = any(spans[0].holds(node.lineno - 1) for node in _definitions(cell.source))
    return spans[0].end if hidden else spans[0].begin


def check(cell: Cell) -> Iterator[Finding]:
    """What is wrong with the promises of a solution cell, or with the examples in a test cell."""
    if cell.kind == "solution":
        try:
            promises.parse(cell.promises)
        except promises.PromiseError as error:
            yield cell.line, str(error)
        return
    defined = _definitions(cell.source)
    if cell.promises and not defined:
        yield cell.line, f"`{cell.name}` makes promises: its tests need `def {EXAMPLES}(rng):` that yields calls to try"
    if defined and not cell.promises:
        line = cell.first + defined[0].lineno - 1
        yield line, f'{EXAMPLES} without a promise: say promises="..." in the header of solution="{cell.name}"'
    for promise in of(cell):
        yield from _sizes(promise, cell) if promise.word == "any-size" else ()
        yield from _functions(promise, cell) if promise.word in FORMS else ()
        if promise.word == "any-order" and "checks.unordered(" not in cell.source:
            yield cell.line, "any order is promised: compare with checks.unordered, which accepts any order"


def strangers(cell: Cell, bound: Collection[str]) -> Iterator[Finding]:
    """Examples that say they are of a function which the answer does not define."""
    for name in sorted(map(str, _held(cell, "of") - {*bound})):
        yield cell.line, f'checks.example(..., of="{name}"): the answer of `{cell.name}` defines no `{name}`'


def _sizes(promise: promises.Promise, cell: Cell) -> Iterator[Finding]:
    """The sizes that are promised and those that the examples hold are the same."""
    for size in promise.arguments:
        if size not in _held(cell, "size"):
            yield cell.line, f'any-size promises `{size}`: give an example of it, checks.example(..., size="{size}")'


def _functions(promise: promises.Promise, cell: Cell) -> Iterator[Finding]:
    """Every function that a promise names has an example that says so."""
    for name in promise.arguments:
        if name not in _held(cell, "of"):
            yield cell.line, f'`{promise}` names `{name}`: give an example of it, checks.example(..., of="{name}")'


def _held(cell: Cell, keyword: str) -> set[object]:
    """The values that the examples give to a keyword."""
    calls = [node for node in ast.walk(parsed(cell.source)) if isinstance(node, ast.Call)]
    words = [word for node in calls if ast.unparse(node.func) == "checks.example" for word in node.keywords]
    return {word.value.value for word in words if word.arg == keyword and isinstance(word.value, ast.Constant)}


def _definitions(source: str) -> list[ast.FunctionDef]:
    return [node for node in parsed(source).body if isinstance(node, ast.FunctionDef) and node.name == EXAMPLES]
