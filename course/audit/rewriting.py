"""Answers rewritten as text: a parameter fixed, local names changed, a body in a function of its own, and the like."""

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any

from course.syntax import parsed

Function = ast.FunctionDef
FIXED = (int, float, bool, str, type(None))


def functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Every function and method of a source by its name: `norm`, `Adam.step`."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{inner.name}", inner) for inner in node.body if isinstance(inner, Function))


def fixed_parameters(source: str, public: str) -> Iterator[tuple[str, str]]:
    """A parameter that is always what its default or the public test's first call says; what is fixed, and the text."""
    tree, seen = parsed(source), set()
    for name, function in functions(tree):
        for parameter, value, origin in [*_defaults(function), *_public(name, function, public)]:
            said = (name, parameter, repr(value))
            if said in seen or parameter == "self":
                continue
            seen.add(said)
            changed = copy.deepcopy(tree)
            body = dict(functions(changed))[name].body
            start = 1 if ast.get_docstring(dict(functions(changed))[name]) else 0
            body.insert(start, parsed(f"{parameter} = {value!r}").body[0])
            yield f"{parameter} of {name} is always {value!r}, {origin}", ast.unparse(changed)


def _defaults(function: Function) -> Iterator[tuple[str, Any, str]]:
    named = [*function.args.posonlyargs, *function.args.args]
    behind = zip(reversed(named), reversed(function.args.defaults), strict=False)
    keyword = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    for argument, default in [*behind, *keyword]:
        value = _literal(default)
        if value is not _literal:
            yield argument.arg, value, "its default"


def _public(name: str, function: Function, public: str) -> Iterator[tuple[str, Any, str]]:
    """The literals that the first call in the public test hands to each parameter."""
    owner, _, method = name.rpartition(".")
    called = owner if method == "__init__" else method
    names = [one.arg for one in [*function.args.posonlyargs, *function.args.args]][1 if owner else 0 :]
    found: dict[str, Any] = {}
    for node in ast.walk(parsed(public)):
        if not isinstance(node, ast.Call) or called not in (
            getattr(node.func, "id", ""),
            getattr(node.func, "attr", ""),
        ):
            continue
        given = [*zip(names, node.args, strict=False), *((word.arg, word.value) for word in node.keywords)]
        for parameter, argument in given:
            value = _literal(argument)
            if parameter in names and value is not _literal:
                found.setdefault(str(parameter), value)
    yield from ((parameter, value, "as in the public test") for parameter, value in found.items())


def _literal(node: ast.expr | None) -> Any:
    """The plain value of a node, or this function where it has none."""
    try:
        value = ast.literal_eval(node) if node is not None else _literal
    except (ValueError, TypeError, SyntaxError):
        return _literal
    parts = value if isinstance(value, tuple) else (value,)
    return value if all(isinstance(part, FIXED) for part in parts) else _literal


def expected_results(source: str, public: str) -> Iterator[tuple[str, str]]:
    """A function that returns what the public test expects of it, whatever it is asked."""
    known = dict(functions(parsed(source)))
    seen = set()
    for node in ast.walk(parsed(public)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) >= 2):
            continue
        call, expected = node.args[:2]
        name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
        if node.func.attr not in ("equal", "close") or name not in known or name in seen:
            continue
        try:
            value = ast.literal_eval(expected)
        except ValueError:
            continue
        seen.add(name)
        made = f"torch.tensor({value!r})" if isinstance(value, list) else repr(value)
        yield (
            f"{name} returns what the public test expects",
            f"{source}\n\n\ndef {name}(*args, **kwargs):\n    import torch\n    return {made}\n",
        )


def rotated_only(source: str) -> str:
    """An order that begins anywhere and is otherwise the old one, in place of a shuffled one."""
    return _each(source, _is_call("randperm"), _rotated)


def _rotated(call: ast.Call) -> ast.AST:
    line = parsed("(lambda n: torch.arange(n).roll(int(torch.randint(n, ()))))(0)").body[0]
    assert isinstance(line, ast.Expr)
    assert isinstance(line.value, ast.Call)
    line.value.args = call.args[:1]
    return line.value


def renamed(source: str) -> str:
    """Other names for the local variables of every function."""
    tree = parsed(source)
    for _, function in functions(tree):
        arguments = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
        kept = arguments | {
            name for node in ast.walk(function) if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names
        }
        inner = {
            n.id
            for node in ast.walk(function)
            if isinstance(node, ast.ClassDef)
            for n in ast.walk(node)
            if isinstance(n, ast.Name)
        }
        stored = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id in stored - kept - inner:
                node.id = f"my_{node.id}"
    return ast.unparse(tree)


def nested(source: str) -> str:
    """The body of every function in an inner function that is called at once."""
    tree = parsed(source)
    for _, function in functions(tree):
        if any(
            isinstance(node, ast.Yield | ast.YieldFrom | ast.Nonlocal) for node in ast.walk(function)
        ) or function.name.startswith("__"):
            continue
        assigned = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        named = [
            argument.arg for argument in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        ]
        lost = [name for name in named if name in assigned]
        inner = parsed(f"def inner({', '.join(f'{name}={name}' for name in lost)}):\n    pass\nreturn inner()").body
        assert isinstance(inner[0], Function)
        inner[0].body = function.body
        function.body = inner
    return ast.unparse(ast.fix_missing_locations(tree))


def with_progress(source: str) -> str:
    """A progress bar around what every loop walks over."""
    tree = parsed(source)
    loops = [node for _, function in functions(tree) for node in ast.walk(function) if isinstance(node, ast.For)]
    if not loops:
        return source
    for loop in loops:
        loop.iter = ast.Call(ast.Name("tqdm", ast.Load()), [loop.iter], [])
    return "from tqdm import tqdm\n\n" + ast.unparse(ast.fix_missing_locations(tree))


def gradients_emptied_elsewhere(source: str) -> str:
    """`zero_grad` at the other end of the loop that it stands in."""
    tree = parsed(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.For):
            at = [
                place
                for place, row in enumerate(node.body)
                if isinstance(row, ast.Expr) and ast.unparse(row).endswith(".zero_grad()")
            ]
            if len(at) == 1 and len(node.body) > 1:
                row = node.body.pop(at[0])
                node.body.insert(len(node.body) if at[0] < len(node.body) / 2 else 0, row)
    return ast.unparse(tree)


def _is_call(name: str) -> Callable[[ast.AST], bool]:
    return lambda node: (
        isinstance(node, ast.Call)
        and name in (getattr(node.func, "attr", ""), getattr(node.func, "id", ""))
        and bool(node.args)
    )


def _each(source: str, wanted: Callable[[ast.AST], bool], change: Callable[[Any], ast.AST]) -> str:
    """The source with every such node changed; as it was where there is none."""

    class Changing(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            node = self.generic_visit(node)
            return change(node) if wanted(node) else node

    tree = parsed(source)
    if not any(map(wanted, ast.walk(tree))):
        return source
    return ast.unparse(ast.fix_missing_locations(Changing().visit(tree)))
