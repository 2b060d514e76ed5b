"""Which names a piece of code binds, and which it reads from code before it."""

import ast
import builtins
import symtable
from collections.abc import Iterator
from functools import lru_cache

from course.cloze.magic import as_python

BUILTINS = frozenset(dir(builtins)) | {"__name__", "__doc__", "__file__"}


@lru_cache(maxsize=1024)
def binds(source: str) -> frozenset[str]:
    """The module-level names that running the source binds; SyntaxError when it is not Python."""
    top = symtable.symtable(as_python(source), "<cell>", "exec")
    inner = {
        symbol.get_name()
        for table in _below(top)
        for symbol in table.get_symbols()
        if symbol.is_declared_global() and symbol.is_assigned()
    }
    outer = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    return frozenset(inner | outer)


@lru_cache(maxsize=1024)
def reads(source: str) -> frozenset[str]:
    """The names that the source needs from before it, builtins left out; SyntaxError when it is not Python."""
    source = as_python(source)
    order = _Order()
    order.visit(ast.parse(source))
    later = {
        symbol.get_name()
        for table in _below(symtable.symtable(source, "<cell>", "exec"))
        for symbol in table.get_symbols()
        if symbol.is_global() and symbol.is_referenced()
    }
    return frozenset((order.free | (later - binds(source))) - BUILTINS)


def stars(source: str) -> list[int]:
    """The lines (from 1) of ``from x import *``, whose names nobody can follow."""
    found = [
        n for n in ast.walk(ast.parse(as_python(source))) if isinstance(n, ast.ImportFrom) and n.names[0].name == "*"
    ]
    return [node.lineno for node in found]


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _below(child)


class _Order(ast.NodeVisitor):
    """Walks module-level code in the order in which it runs; inner scopes are symtable's business."""

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.free: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)
        elif node.id not in self.bound:
            self.free.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._each(node.value, *node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._each(node.annotation, node.value, node.target if node.value else None)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name) and node.target.id not in self.bound:
            self.free.add(node.target.id)
        self._each(node.value, node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._each(node.value, node.target)

    def visit_For(self, node: ast.For) -> None:
        self._each(node.iter, node.target, *node.body, *node.orelse)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        hints = [argument.annotation for argument in every if argument]
        self._each(*node.decorator_list, *arguments.defaults, *arguments.kw_defaults, *hints, node.returns)
        self.bound.add(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._each(*node.decorator_list, *node.bases, *[keyword.value for keyword in node.keywords])
        self.bound.add(node.name)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._each(*node.args.defaults, *node.args.kw_defaults)

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        self.visit(node.generators[0].iter)

    visit_SetComp = visit_GeneratorExp = visit_DictComp = visit_ListComp

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.bound.add(node.name)
        self._each(node.type, *node.body)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self.bound.add(node.name)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def _each(self, *nodes: ast.AST | None) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)
