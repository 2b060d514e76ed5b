"""The source of one function of a test cell, so that it can run in another process."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any

from course.grading.boundary import library
from course.grading.boundary.references import Reference


def source_of(fn: Callable[..., Any]) -> tuple[str, str]:
    """The function's name and a source that defines it; raises TypeError unless it is self-contained Python."""
    code = getattr(fn, "__code__", None)
    if code is None:
        raise TypeError("checks.there takes a function written in the test cell")
    if code.co_freevars:
        raise TypeError(
            f"checks.there cannot take {fn.__name__} along with {', '.join(code.co_freevars)} from around it: "
            "pass what it needs as arguments"
        )
    try:
        source = textwrap.dedent(inspect.getsource(fn))
    except (OSError, TypeError):
        raise TypeError(f"the source of {fn.__name__} cannot be found; write it in the test cell") from None
    imports = _imports(fn)
    if fn.__name__ != "<lambda>":
        return fn.__name__, imports + _without_decorators(source)
    return "there", f"{imports}there = {_lambda_source(source, code)}"


def _imports(fn: Callable[..., Any]) -> str:
    """Import lines for the modules, and the classes and functions of known libraries, that it reads from around it."""
    lines = []
    for name in sorted(_global_names(fn.__code__)):
        value = fn.__globals__.get(name)
        if issubclass(type(value), Reference):
            continue  # a student's name that is also an attribute's, such as ResNet in `models.ResNet`
        if isinstance(value, ModuleType):
            lines.append(f"import {value.__name__} as {name}\n")
        elif callable(value) and name not in vars(builtins) and (found := library.name_of(value)) is not None:
            module, attribute = found
            lines.append(f"from {module} import {attribute} as {name}\n")
    return "".join(lines)


def _global_names(code: CodeType) -> set[str]:
    inner = [_global_names(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*inner)


def _without_decorators(source: str) -> str:
    tree = ast.parse(source)
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef):
        raise TypeError("checks.there takes a function written in the test cell")
    function.decorator_list = []
    return ast.unparse(function)


def _lambda_source(source: str, code: Any) -> str:
    """The one lambda in these lines that compiles to the same code."""
    found = [text for text in _lambdas(source) if _code_of(text).co_code == code.co_code]
    if len(set(found)) != 1:
        raise TypeError("checks.there cannot tell which lambda of the line is meant; write a function with def")
    return found[0]


def _lambdas(source: str) -> list[str]:
    for text in (source, source.split(":", 1)[-1] if source.rstrip().endswith(":") else f"({source.strip()}"):
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        return [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    return []


def _code_of(text: str) -> Any:
    return eval(text, {}).__code__
