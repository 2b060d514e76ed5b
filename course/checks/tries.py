"""What a student has tried of an exercise, by the cells that their kernel ran."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Callable, Sequence
from typing import TypeGuard

from course.checks.fault import BLANK
from course.syntax import parsed

Transform = Callable[[str], str]


def count(ran: Sequence[str], is_its_test: Callable[[str], bool], released: str, transform: Transform) -> int:
    """How many different answers were tested that were neither empty nor as released, nor had a blank left.

    Comments, spaces and line breaks make no difference.

    Args:
        ran: the cells as they ran, in order.
        is_its_test: whether a cell tests the exercise.
        released: the answer's cell as students get it.
        transform: what makes Python of a notebook's cell.
    """
    names, latest = _binds(released, transform), dict[str, str]()
    tried = set[tuple[str, ...]]()
    for source in ran:
        if is_its_test(source):
            tried.add(_answer(tuple(dict.fromkeys(latest.values())), transform))
        else:
            latest |= dict.fromkeys(names & _binds(source, transform), source)
    return len(tried - {(), _answer((released,), transform)})


def _answer(sources: tuple[str, ...], transform: Transform) -> tuple[str, ...]:
    """What tells one answer from another; empty where it is no try."""
    trees = [_tree(source, transform) for source in sources]
    if any(BLANK in source for source in sources) or all(_says_nothing(tree.body) for tree in trees):
        return ()
    return tuple(ast.dump(tree) for tree in trees)


def _says_nothing(body: Sequence[ast.stmt]) -> bool:
    """Whether statements only hold the place of an answer."""
    return all(_is_placeholder(statement) for statement in body)


def _is_placeholder(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return _says_nothing(statement.body)
    if isinstance(statement, ast.Expr | ast.Return | ast.Assign | ast.AnnAssign):
        value = statement.value
        return value is None or (
            isinstance(value, ast.Constant) and (isinstance(statement, ast.Expr) or value.value in (None, ...))
        )
    return isinstance(statement, ast.Pass | ast.Raise | ast.Import | ast.ImportFrom)


def _tree(source: str, transform: Transform) -> ast.Module:
    return parsed(transform(source))


def _binds(source: str, transform: Transform) -> set[str]:
    """The names that a cell binds, for one with a magic also what its first line names; none where it is not Python."""
    try:
        found = symtable.symtable(transform(source), "cell", "exec").get_symbols()
        called = [statement.value for statement in _tree(source, transform).body if isinstance(statement, ast.Expr)]
    except (SyntaxError, ValueError):
        return set()
    bound = {one.get_name() for one in found if one.is_assigned() or one.is_namespace()}
    return bound | {str(ast.literal_eval(call.args[1])) for call in called if _is_magic(call)}


def _is_magic(call: ast.expr) -> TypeGuard[ast.Call]:
    """Whether this is `get_ipython().run_cell_magic('cloze', 'name', 'text')`, as IPython rewrites a cell."""
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "run_cell_magic"
        and all(isinstance(word, ast.Constant) for word in call.args[:2])
    )
