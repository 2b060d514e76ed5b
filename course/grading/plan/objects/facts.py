"""What the syntax of a piece of code says of itself, without following anything."""

import ast
import copy
from collections.abc import Iterator

from course.grading.plan.objects.flows import Path
from course.syntax import walk

_BLIND = frozenset({"matplotlib", "config", "load_ext", "reload_ext", "autoreload", "pip", "conda"})
DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def is_blind(magic: ast.stmt) -> bool:
    """Whether a line of IPython's reads no name of the notebook: `%matplotlib inline`, `!pip install x`."""
    call = magic.value if isinstance(magic, ast.Expr) else None
    if not isinstance(call, ast.Call) or not all(isinstance(part, ast.Constant) for part in call.args):
        return False
    texts = [str(part.value) for part in call.args if isinstance(part, ast.Constant)]
    shell = isinstance(call.func, ast.Attribute) and call.func.attr == "system"
    return bool(texts) and (shell or texts[0] in _BLIND) and not {"$", "{"}.intersection("".join(texts))


def only_defines(node: ast.stmt) -> bool:
    """Whether a statement calls no function of the notebook's."""
    return isinstance(node, ast.Import | ast.ImportFrom) or (isinstance(node, DEFINING) and not node.decorator_list)


def parameters_of(node: Function) -> list[str]:
    """The names of the parameters, in order, without those that gather the rest."""
    arguments = node.args
    return [argument.arg for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]]


def bound_within(node: ast.AST) -> Iterator[str]:
    """Every name that is bound in a piece of code, or in code within it."""
    for inner in walk(node):
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            yield inner.id
        elif isinstance(inner, ast.arg):
            yield inner.arg
        elif isinstance(inner, DEFINING) and inner is not node:
            yield inner.name
        elif isinstance(inner, ast.alias):
            yield inner.asname or inner.name.partition(".")[0]
        elif isinstance(inner, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and inner.name:
            yield inner.name
        elif isinstance(inner, ast.MatchMapping) and inner.rest:
            yield inner.rest


def imported_by(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Path, Path]]:
    """Each name that an import binds, what is imported, and what of that the name stands for."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            path = tuple(alias.name.split("."))
            yield alias.asname or path[0], path, path if alias.asname else path[:1]
        else:
            path = (*("." * node.level + (node.module or "")).split("."), alias.name)
            yield alias.asname or alias.name, path, path


def is_field(node: ast.stmt) -> bool:
    """Whether a line of a class only describes a field of its instances, `values: list = field(...)`."""
    value = node.value if isinstance(node, ast.AnnAssign) else None
    return isinstance(value, ast.Call) and dotted(value.func)[-1:] == ("field",)


def dotted(node: ast.expr) -> Path:
    """The dotted name that an expression is, `a.b.c`; empty for any other."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else ()


def as_read(target: ast.expr) -> ast.expr:
    """What an augmented assignment changes, as an expression that reads it."""
    loaded = copy.copy(target)
    loaded.ctx = ast.Load()  # type: ignore[attr-defined]
    return loaded
