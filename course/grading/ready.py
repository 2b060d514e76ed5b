"""Test cells compiled beforehand: each submission has an examiner of its own, which would compile all of them anew."""

import ast
import copy
import hashlib
import marshal
import threading
import warnings
from collections.abc import Sequence
from functools import lru_cache
from types import CodeType

from course.syntax import parsed, walk

_KEPT = 1024  # cells
_NOT_PLAIN = ("__future__", "async", "await", ">>>", "...:", "In [")  # by which what comes next may be read otherwise
_ONE_AT_A_TIME = threading.Lock()  # what is to be heard of warnings is the whole process's
_Statement = tuple[bool, CodeType]  # whether its value is the cell's, and what it does
_Extent = tuple[int, str]  # the last line of a function; what defines it, where that is not just its lines
_extents: dict[str, dict[int, _Extent]] = {}  # by what the file of a cell is called, and the line where one begins


@lru_cache(maxsize=_KEPT)
def made(source: str) -> bytes:
    """A cell, compiled statement by statement as IPython does it; empty where IPython may make something else of it."""
    if not source or source[0].isspace() or any(sign in source for sign in _NOT_PLAIN):
        return b""
    name = name_of(source)
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = parsed(source)
            statements = [_compiled(one, name, is_last=one is tree.body[-1]) for one in tree.body]
            return marshal.dumps((statements, _functions(tree, source.splitlines())))
    except (SyntaxError, ValueError, RecursionError):
        return b""


def name_of(source: str) -> str:
    """What tracebacks call the file of a cell."""
    return f"<cell {hashlib.sha256(source.strip().encode(errors='replace')).hexdigest()[:16]}>"


def as_tree(made: bytes) -> ast.Module:
    """A tree whose statements stand for the compiled ones, which `code_of` finds again; for what the grader made."""
    statements, functions = marshal.loads(made)
    if statements:
        _extents[statements[0][1].co_filename] = functions
    return ast.Module([_stand_in(*statement) for statement in statements], [])


def extent(function: CodeType) -> _Extent | None:
    """The line where a function of a cell that was made beforehand ends, and its definition without decorators and
    comments where it has some; None for any other code.
    """
    return _extents.get(function.co_filename, {}).get(function.co_firstlineno)


def code_of(tree: object) -> CodeType | None:
    """The code that a tree of one statement stands for."""
    body = getattr(tree, "body", None)
    return getattr(body[0], "compiled", None) if isinstance(body, list) and len(body) == 1 else None


def _compiled(statement: ast.stmt, name: str, *, is_last: bool) -> _Statement:
    is_value = is_last and isinstance(statement, ast.Expr)
    tree, mode = (ast.Interactive([statement]), "single") if is_value else (ast.Module([statement], []), "exec")
    return is_value, compile(tree, name, mode, dont_inherit=True)


def _functions(tree: ast.Module, lines: Sequence[str]) -> dict[int, _Extent]:
    """Each function by its first line, decorators included."""
    found = [node for node in walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {min(line.lineno for line in [node, *node.decorator_list]): _extent(node, lines) for node in found}


def _extent(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: Sequence[str]) -> _Extent:
    last = node.end_lineno or node.lineno
    if isinstance(node, ast.AsyncFunctionDef) or not (
        node.decorator_list or any("#" in line for line in lines[node.lineno - 1 : last])
    ):
        return last, ""
    bare = copy.copy(node)
    bare.decorator_list = []
    return last, ast.unparse(bare)


def _stand_in(is_value: bool, code: CodeType) -> ast.stmt:
    node: ast.stmt = ast.Expr(ast.Constant(None)) if is_value else ast.Pass()
    node.compiled = code  # type: ignore[attr-defined]
    return node
