"""Which members the course's own cells give to objects: methods of their classes, attributes that they set.

Only the text is looked at. Under a name that tensors, arrays and Python's own types give to their methods, a test may
ask a student's object for what these cells define, and for nothing else.
"""

import ast
import builtins
import collections
from collections.abc import Collection, Iterable, Iterator

from course.syntax import walk


def members_in(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """Names of methods, fields and attributes that the statements define, some of them twice."""
    for statement in statements:
        for node in walk(statement):
            if isinstance(node, ast.ClassDef):
                yield from _in_class(node)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                yield node.attr
            elif isinstance(node, ast.Call):
                yield from _given(node)


def members_of(names: Collection[str], statements: Iterable[ast.stmt]) -> Iterator[str]:
    """Members of the objects of these names that the statements read."""
    for node in (node for statement in statements for node in walk(statement)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            yield node.attr


def _in_class(node: ast.ClassDef) -> Iterator[str]:
    for base in node.bases:
        yield from _inherited(base)
    for line in node.body:
        if isinstance(line, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield line.name
        elif isinstance(line, ast.Assign | ast.AnnAssign):
            targets = line.targets if isinstance(line, ast.Assign) else [line.target]
            yield from (name.id for target in targets for name in walk(target) if isinstance(name, ast.Name))


def _inherited(base: ast.expr) -> Iterator[str]:
    """The methods of one of Python's own classes that a class is derived from: `class Stack(list)` has `append`."""
    base = base.value if isinstance(base, ast.Subscript) else base  # list[int]
    name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
    kind = getattr(builtins, name, None) or getattr(collections, name, None)
    if isinstance(kind, type) and kind is not object:
        yield from (member for member in dir(kind) if not member.startswith("_"))


def _given(call: ast.Call) -> Iterator[str]:
    """Fields given by name or as text: `SimpleNamespace(mean=0)`, `namedtuple("Result", "low high")`."""
    yield from (keyword.arg for keyword in call.keywords if keyword.arg)
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if function in ("namedtuple", "NamedTuple", "make_dataclass", "setattr", "type"):
        parts = (part for argument in call.args for part in walk(argument) if isinstance(part, ast.Constant))
        yield from (word for part in parts if isinstance(part.value, str) for word in _words(part.value))


def _words(text: str) -> Iterator[str]:
    return (word for word in text.replace(",", " ").split() if word.isidentifier())
