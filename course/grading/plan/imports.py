"""What the cells of a course's notebook import, and whether Python finds that here."""

import ast
import contextlib
import importlib.util
from collections.abc import Iterator
from functools import lru_cache

from nbformat import NotebookNode

from course.cloze.magic import as_python
from course.scoping import imported_modules, parse, python
from course.syntax import parsed, walk

_PLACES = ("site-packages", "lib/python")


def uses_checks(source: NotebookNode) -> bool:
    """Whether the tests go through `course.checks`, under which one check that fails does not end the cell."""
    return any(name.split(".")[0] == "course" for name in imported(source))


def packages(source: NotebookNode) -> dict[str, str]:
    """The packages that the course's cells import from, each with the place where Python finds it.

    A cell with lines for IPython may be read in two ways, and both count.
    """
    names = {name.split(".")[0] for name in imported(source)}
    for cell in source.cells:
        with contextlib.suppress(SyntaxError):
            statements = parse(cell.source) if cell.cell_type == "code" else []
            names.update(name for statement in statements for name in imported_modules(statement) if name)
    return {name: origin_of(name) for name in sorted(names)}


def origin_of(package: str) -> str:
    """Where Python finds a package, `None` for one in several places; empty where it finds none.

    The notebook itself, which a test may import as `__main__`, is none.
    """
    try:
        spec = None if package == "__main__" else importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return ""
    return "" if spec is None else str(spec.origin)


def imported(source: NotebookNode) -> Iterator[str]:
    """What the course's cells import."""
    return (name for cell in source.cells if cell.cell_type == "code" for name in _imports(cell.source))


@lru_cache(maxsize=256)
def _imports(text: str) -> tuple[str, ...]:
    """What a course cell imports, from a package or from the lesson's files."""
    if "import" not in text:
        return ()
    source = as_python(text)  # what a cloze holds is not code of the course's, and may come from anywhere
    try:
        tree = parsed("\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!"))))
    except SyntaxError:
        return ()
    found: list[str] = []
    for node in walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            # Each may be a module of the package's; to find out, the package would have to be imported here.
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*")]
    return tuple(found)


def is_installed(package: str) -> bool:
    """Whether it is a module of an installed package, of Python or of the course's own, and no file of the lesson's."""
    origin = origin_of(package)
    return origin == "None" or (bool(origin) and (package == "course" or any(place in origin for place in _PLACES)))


def calls_checks(source: str) -> bool:
    """Whether a test cell goes through `checks.something`, by its own name."""
    try:
        tree = parsed(python(source))
    except SyntaxError:
        return False
    attributes = (node.value for node in walk(tree) if isinstance(node, ast.Attribute))
    return any(isinstance(value, ast.Name) and value.id == "checks" for value in attributes)
