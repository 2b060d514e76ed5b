"""The source of one function of a test cell, so that it can run in another process."""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import textwrap
from collections.abc import Callable
from functools import lru_cache
from types import CellType, CodeType, ModuleType
from typing import Any

from course.grading import ready
from course.grading.boundary.codec import library
from course.grading.boundary.ends.references import Reference
from course.syntax import parsed

_KEPT = 500  # functions, which a test may send over many times


def source_of(fn: Callable[..., Any]) -> tuple[str, str]:
    """The function's name and a source that defines it; raises TypeError unless it is self-contained Python."""
    code = getattr(fn, "__code__", None)
    if code is None:
        raise TypeError("checks.on_student_side takes a function written in the test cell")
    around = _around(fn)
    missing = [name for name in code.co_freevars if name != fn.__name__ and _import(name, around.get(name)) is None]
    if missing:
        raise TypeError(
            f"checks.on_student_side cannot take {fn.__name__} with {', '.join(missing)} from around it: "
            "pass what it needs as arguments"
        )
    name, source = _definition(code)
    return name, _imports(fn) + source


@lru_cache(maxsize=_KEPT)
def _definition(code: CodeType) -> tuple[str, str]:
    """The name of the function that has this code, and the source that defines it."""
    known = None if code.co_name == "<lambda>" else ready.extent(code)  # without that, all is taken into tokens
    if known and known[1]:
        return code.co_name, known[1]
    lines = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :]
    if not lines:
        raise TypeError(f"the source of {code.co_name} cannot be found; write it in the test cell")
    block = inspect.getblock(lines) if known is None else lines[: known[0] - code.co_firstlineno + 1]
    source = textwrap.dedent("".join(block))  # inspect.getsource looks through all modules first
    if code.co_name != "<lambda>":
        return code.co_name, _without_decorators(source)
    return "there", f"there = {_lambda_source(source, code)}"


def _imports(fn: Callable[..., Any]) -> str:
    """Import lines for the modules, and the classes and functions of known libraries, that it reads from around it."""
    around = _around(fn)
    lines = [_import(name, around[name]) for name in sorted(_global_names(fn.__code__)) if name in around]
    return "".join(line for line in lines if line)


def _around(fn: Callable[..., Any]) -> dict[str, Any]:
    """What the names around the function stand for: those of the notebook, and those of the functions that hold it."""
    cells = zip(fn.__code__.co_freevars, fn.__closure__ or (), strict=True)
    held = {name: cell.cell_contents for name, cell in cells if cell != CellType()}
    return {**fn.__globals__, **held}


def _import(name: str, value: Any) -> str | None:
    """The line that brings a module, or a class or function of a known library, to the other side; None for others."""
    if issubclass(type(value), Reference):
        return None  # a student's name that is also an attribute's, such as ResNet in `models.ResNet`
    if isinstance(value, ModuleType):
        return f"import {value.__name__} as {name}\n"
    if callable(value) and name not in vars(builtins) and (found := library.name_of(value)) is not None:
        module, attribute = found
        return f"from {module} import {attribute} as {name}\n"
    return None


def _global_names(code: CodeType) -> set[str]:
    inner = [_global_names(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    return {*code.co_names, *code.co_freevars}.union(*inner)


def _without_decorators(source: str) -> str:
    """The function's definition without decorators, and without comments, which are for the test's side."""
    if source.startswith("def ") and "#" not in source:
        return source
    tree = parsed(source)
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef):
        raise TypeError("checks.on_student_side takes a function written in the test cell")
    function.decorator_list = []
    return ast.unparse(function)


def _lambda_source(source: str, code: Any) -> str:
    """The one lambda in these lines that compiles to the same code."""
    found = [text for text in _lambdas(source) if _code_of(text).co_code == code.co_code]
    if len(set(found)) != 1:
        raise TypeError(
            "checks.on_student_side cannot tell which lambda of the line is meant; write a function with def"
        )
    return found[0]


def _lambdas(source: str) -> list[str]:
    for text in (source, source.split(":", 1)[-1] if source.rstrip().endswith(":") else f"({source.strip()}"):
        try:
            tree = parsed(text)
        except SyntaxError:
            continue
        return [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    return []


def _code_of(text: str) -> Any:
    return eval(text, {}).__code__
