"""The rules that a lesson's cells keep, seen without running anything."""

import ast
from collections.abc import Iterator
from pathlib import Path

from course import scoping
from course.authoring import blanks, ownnames, promises, regions
from course.authoring.percent import Cell
from course.authoring.problems import Problem
from course.cloze.magic import as_python
from course.syntax import parsed

# Which cells may hold which region.
HOLDERS = {"SOLUTION": "solution", "HIDDEN TESTS": "tests", "MARK SCHEME": "question"}

Finding = tuple[int, str]  # line of the file, text


def check(path: Path, cells: tuple[Cell, ...]) -> list[Problem]:
    """Every rule that a cell of the lesson breaks."""
    found: list[Finding] = []
    for cell in cells:
        found += _regions(cell)
        if not cell.is_code:
            continue
        broken = _syntax(cell)
        found += broken or (_cloze(cell, cells) if cell.pieces else _code(cell, cells))
    return [Problem(path, line, text) for line, text in found]


def _syntax(cell: Cell) -> list[Finding]:
    try:
        parsed(as_python(cell.source))
    except (SyntaxError, ValueError) as error:
        row = (getattr(error, "lineno", None) or 1) - 1
        said = error.msg if isinstance(error, SyntaxError) else error
        return [(cell.first + row, f"not Python: {said}")]
    return []


def _regions(cell: Cell) -> Iterator[Finding]:
    """Regions that are not closed, nested, or in a cell that cannot have them."""
    for region in regions.REGIONS:
        _, problems = regions.spans(cell.lines, region)
        yield from ((cell.first + row, text) for row, text in problems)
        if HOLDERS[region] == cell.kind:
            continue
        for row, line in enumerate(cell.lines):
            if any(mention.endswith(region) for mention in regions.mentions(line)):
                owner = HOLDERS[region]
                yield cell.first + row, f"{region} markers belong in a `{owner}=` cell, and this is a {cell.kind} cell"


def _code(cell: Cell, cells: tuple[Cell, ...]) -> Iterator[Finding]:
    for number in scoping.stars(cell.source):
        yield cell.first + number - 1, "import the names that you use: `import *` cannot be analysed"
    if cell.kind == "solution":
        yield from promises.check(cell)
        yield from _solution(cell)
        return
    if blanks.marked(cell.source):
        found = next(row for row, line in enumerate(cell.lines) if blanks.MARK.search(line))
        yield cell.first + found, f"`#?` blanks belong in a solution cell, and this is a {cell.kind} cell"
    for row, line in enumerate(cell.lines):
        if regions.starter(line) is not None:
            yield cell.first + row, f"`#!` starter code belongs in a solution region, and this is a {cell.kind} cell"
    if cell.kind == "tests":
        yield from _tests(cell)
        solutions = [other for other in cells if other.kind == "solution" and other.name == cell.name]
        bound = [scoping.binds(other.source) for other in solutions if not _syntax(other)]
        yield from ownnames.check(cell, frozenset().union(*bound))
        yield from promises.check(cell)
        if bound:
            yield from promises.strangers(cell, frozenset().union(*bound))


def _cloze(cell: Cell, cells: tuple[Cell, ...]) -> Iterator[Finding]:
    """The magic of a cloze cell is known only once a setup cell has said so; its test is the builder's own."""
    before = (other for other in cells if other.kind == "setup" and other.line < cell.line)
    if cell.kind == "solution" and not any("cloze.enable()" in other.source for other in before):
        yield (
            cell.line,
            "a cloze needs `from course import checks, cloze` and `cloze.enable()` in a setup cell above it",
        )


def _solution(cell: Cell) -> Iterator[Finding]:
    """A solution cell needs something to fill in, and every mark in the place where it works."""
    spans, _ = regions.spans(cell.lines, "SOLUTION")
    _, problems = blanks.find(cell.source)
    yield from ((cell.first + row, text) for row, text in problems)
    if not spans and not blanks.marked(cell.source):
        yield cell.line, "nothing to fill in: mark lines with ### BEGIN/END SOLUTION, or tokens with `#? token | token`"
    for row, line in enumerate(cell.lines):
        inside = any(span.begin < row < span.end for span in spans)
        if regions.starter(line) is not None and not inside:
            yield cell.first + row, "`#!` starter code belongs between ### BEGIN SOLUTION and ### END SOLUTION"
    for blank in blanks.find(cell.source)[0]:
        if any(span.holds(blank.row) for span in spans):
            yield cell.first + blank.row, "a `#?` blank inside a solution region is removed with it: move it out"
    for span in spans:
        inner = cell.lines[span.begin + 1 : span.end]
        given = [line for line in map(regions.starter, inner) if line]
        written = [line.rstrip() for line in inner if line.strip() and regions.starter(line) is None]
        if not written:
            yield cell.first + span.begin, "this solution region is empty"
        elif given == written:
            yield cell.first + span.begin, "the starter code is the solution itself: plant a bug, or leave it out"


def _tests(cell: Cell) -> Iterator[Finding]:
    """A test cell's points add up, and its public part stands alone."""
    spans, _ = regions.spans(cell.lines, "HIDDEN TESTS")
    if len(spans) > 1:
        yield cell.first + spans[1].begin, "only one hidden region per test cell: move this into the first one"
    for span in spans[:1]:
        if cell.lines[span.begin] != cell.lines[span.begin].lstrip():
            yield cell.first + span.begin, "the hidden region starts at the left margin"
        if any(line.strip() and not line.startswith("#") for line in cell.lines[span.end + 1 :]):
            yield cell.first + span.end, "nothing comes after the hidden tests: move public checks above them"
    try:
        parsed(regions.public(cell.lines))
    except SyntaxError:
        yield cell.first + spans[0].begin, "without its hidden region this cell is no longer valid Python"
    yield from _points(cell)


def _points(cell: Cell) -> Iterator[Finding]:
    total, labels = 0.0, set[str]()
    tree = parsed(cell.source)
    looped = {id(inner) for loop in ast.walk(tree) if isinstance(loop, _REPEATING) for inner in ast.walk(loop)}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "checks.check"]
    for call in calls:
        line = cell.first + call.lineno - 1
        label = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        given = _number(next((word.value for word in call.keywords if word.arg == "points"), ast.Constant(1)))
        if not isinstance(label, str) or not label.strip():
            yield line, "a check starts with its label as a plain string: the students read it"
        elif label in labels:
            yield line, f"two checks of this cell have the label `{label}`"
        else:
            labels.add(label)
        if id(call) in looped:
            yield line, "a check in a loop or function cannot be added up: put the loop inside the check"
        if given <= 0:
            yield line, "the points of a check are a plain number above 0"
        total += given
    if not calls:
        yield cell.line, 'this test cell checks nothing: add `with checks.check("label", points=N):`'
    elif cell.points is not None and abs(total - cell.points) > 1e-9:
        yield cell.line, f"the checks add up to {total:g} points, and the header says points={cell.points:g}"


def _number(node: ast.expr) -> float:
    """The number that stands there, 0 when there is none."""
    value = node.value if isinstance(node, ast.Constant) else 0
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


_REPEATING = (ast.For, ast.While, ast.FunctionDef, ast.Lambda, ast.ListComp, ast.GeneratorExp)
