"""Which names code reads and binds, by Python's own scoping rules: for the builder and for the engine.

Only the text is looked at, nothing runs. IPython's magics and shell lines are left out first.
"""

import ast
import builtins
import re
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from IPython.core.inputtransformer2 import TransformerManager

from course.cloze.magic import as_python
from course.syntax import Visitor, code_of, parsed, walk

BUILTINS = frozenset(dir(builtins)) | {"__file__"}
IN_A_NOTEBOOK = BUILTINS | {
    "display",
    "get_ipython",
    "In",
    "Out",
    "_",
    "__",
    "___",
}  # before any cell runs
_TIMED = re.compile(r"\A\s*%%(?:time|timeit|capture|prun)\b[^\n]*\n")
_TIMED_LINE = re.compile(r"^(\s*)%time\s+(?=\S)", re.MULTILINE)
_REFLECTION = frozenset({"globals", "locals", "vars", "dir", "eval", "exec"})
_DEFINING = (ast.Lambda, ast.Name, ast.Attribute)


@dataclass(frozen=True)
class Names:
    """What a piece of code does with names, in order of appearance.

    `reads` are names that it needs, or may need, from outside when it runs, `later` those that functions defined in it
    need when they are called; `leads` are those of `reads` that no line above could have bound. `binds` are surely
    bound when it has run, `may_bind` perhaps (in a branch, or by a function's `global`). Of those, `defines` are bound
    as functions, classes or other names for something (`f = g`), `imports` by importing, `assigns` in another way.
    """

    reads: tuple[str, ...]
    leads: frozenset[str]
    later: tuple[str, ...]
    binds: frozenset[str]
    defines: frozenset[str]
    imports: frozenset[str]
    assigns: frozenset[str]
    deletes: frozenset[str]

    @property
    def may_bind(self) -> frozenset[str]:
        return self.defines | self.imports | self.assigns


@lru_cache(maxsize=256)
def python(source: str) -> str:
    """A cell's text as Python: magics and shell lines become calls of IPython, as when it runs; empty for `%%bash`."""
    source = as_python(re.sub("\r\n?", "\n", source))
    if _is_python(source):
        return source
    source = _TIMED_LINE.sub(r"\1", _TIMED.sub("\n", source))
    code = _transformer().transform_cell(source)
    return "" if code.startswith("get_ipython().run_cell_magic(") else code


def parse(source: str) -> list[ast.stmt]:
    """The statements of a cell, without those that are magics; SyntaxError when it is not Python."""
    try:
        body = parsed(python(source)).body
    except ValueError as error:  # a null character
        raise SyntaxError(str(error)) from None
    return [statement for statement in body if not is_magic(statement)]


def names_in(statements: Iterable[ast.stmt]) -> Names:
    """What these statements, run one after the other, read and bind."""
    walk = _Walk()
    for statement in statements:
        walk.visit(statement)
    return Names(
        tuple(walk.reads),
        frozenset(walk.leads),
        tuple(walk.later),
        frozenset(walk.bound),
        frozenset(walk.defines),
        frozenset(walk.imports),
        frozenset(walk.assigns),
        frozenset(walk.deleted),
    )


@lru_cache(maxsize=1024)
def binds(source: str) -> frozenset[str]:
    """The names that running a lesson's cell binds, or may bind; SyntaxError when it is not Python."""
    return _names_of(source).may_bind


@lru_cache(maxsize=1024)
def reads(source: str) -> frozenset[str]:
    """The names that a lesson's cell needs from before it, Python's own left out; SyntaxError when it is not Python.

    A name that a branch or a loop above binds is taken for bound.
    """
    names = _names_of(source)
    return (names.leads | (frozenset(names.later) - names.may_bind)) - BUILTINS


def stars(source: str) -> list[int]:
    """The lines (from 1) of `from x import *`, whose names nobody can follow."""
    nodes = walk(parsed(as_python(source)))
    return [node.lineno for node in nodes if isinstance(node, ast.stmt) and has_star(node)]


def _names_of(source: str) -> Names:
    return names_in(parsed(as_python(source)).body)


def is_import(statement: ast.stmt) -> bool:
    """Whether a statement imports, or tries to: `try: import x` with something else where that fails."""
    if isinstance(statement, ast.Try):
        spare = [line for handler in statement.handlers for line in handler.body]
        return all(is_import(line) for line in statement.body) and all(_is_spare(line) for line in spare)
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _is_spare(statement: ast.stmt) -> bool:
    constant = isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, ast.Pass) or is_import(statement)


def imported_modules(statement: ast.stmt) -> Iterator[str]:
    """The top-level packages that a statement imports from; an empty one for a relative import."""
    for node in walk(statement):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "" if node.level else (node.module or "").partition(".")[0]


def has_star(statement: ast.stmt) -> bool:
    """Whether a statement is `from module import *`."""
    return isinstance(statement, ast.ImportFrom) and any(alias.name == "*" for alias in statement.names)


def names_in_strings(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """Names in the strings of code that looks names up by reflection: `"answer" in globals()`, `eval("f(3)")`."""
    nodes = [node for statement in statements for node in walk(statement)]
    if not any(isinstance(node, ast.Name) and node.id in _REFLECTION for node in nodes):
        return
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 1000:
            try:
                inner = parsed(node.value.strip())
            except (SyntaxError, ValueError):
                continue
            yield from (name.id for name in walk(inner) if isinstance(name, ast.Name))


def _is_python(source: str) -> bool:
    try:
        parsed(source)
    except (SyntaxError, ValueError):
        return False
    return True


@cache
def _transformer() -> TransformerManager:
    return TransformerManager()


def is_magic(statement: ast.stmt) -> bool:
    """Whether a statement of a cell's Python was one of IPython's lines, `%matplotlib inline` or `!ls`."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    while isinstance(call, ast.Call | ast.Attribute):
        call = call.func if isinstance(call, ast.Call) else call.value
    return isinstance(call, ast.Name) and call.id == "get_ipython"


@dataclass
class _Scoped:
    """What a function, class, lambda or comprehension needs from outside."""

    reads: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)


@lru_cache(maxsize=512)
def _scoped(node: ast.stmt | ast.expr) -> _Scoped:
    """Python's own symbol table knows which names of an inner scope are global; each is asked for several times."""
    found = _Scoped()
    code = code_of(node)
    _scan(symtable.symtable(code, "cell", "exec"), found, called=False)
    return found


def _scan(table: symtable.SymbolTable, found: _Scoped, called: bool) -> None:
    top = table.get_type() == "module"
    called = called or (table.get_type() == "function" and not table.get_name().endswith(("comp", "genexpr")))
    for symbol in table.get_symbols():
        name = symbol.get_name()
        if symbol.is_referenced() and (top or symbol.is_global()):
            (found.later if called else found.reads).append(name)
        own = top and not symbol.is_namespace()
        if (symbol.is_assigned() or symbol.is_imported()) and (own or symbol.is_declared_global()):
            found.writes.append(name)
    for child in table.get_children():
        _scan(child, found, called)


class _Walk(Visitor):
    """Goes through statements in the order in which they run."""

    def __init__(self) -> None:
        self.reads: dict[str, None] = {}
        self.leads: set[str] = set()
        self.named: set[str] = set()  # by any line so far
        self.later: dict[str, None] = {}
        self.bound: set[str] = set()
        self.defines: set[str] = set()
        self.imports: set[str] = set()
        self.assigns: set[str] = set()
        self._targets = self.assigns  # where the names go to that are being stored
        self.deleted: set[str] = set()

    def _read(self, names: Iterable[str]) -> None:
        unbound = [name for name in names if name not in self.bound]
        self.reads.update(dict.fromkeys(unbound))
        self.leads.update(name for name in unbound if name not in self.named)

    def _bind(self, name: str | None, into: set[str] | None = None) -> None:
        if name is not None:
            self.bound.add(name)
            (self.assigns if into is None else into).add(name)
            self.named.add(name)
            self.deleted.discard(name)

    def visit_FunctionDef(self, node: ast.stmt | ast.expr) -> None:
        scoped = _scoped(node)
        own = getattr(node, "name", None)
        self._read(name for name in scoped.reads if name != own)
        self.assigns.update(scoped.writes)
        self._bind(own, self.defines)
        self.later.update((name, None) for name in scoped.later if name not in self.bound)

    visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = visit_FunctionDef
    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_FunctionDef

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self._bind(node.id, self._targets)
            return
        self._read([node.id])
        if isinstance(node.ctx, ast.Del):
            self.bound.discard(node.id)
            self.deleted.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._assign(node.targets, node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self._read([node.target.id])
        self.visit(node.target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self._assign([node.target], node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._assign([node.target], node.value)

    def _assign(self, targets: Iterable[ast.expr], value: ast.expr) -> None:
        self.visit(value)
        self._targets = self.defines if isinstance(value, _DEFINING) else self.assigns
        for target in targets:
            self.visit(target)
        self._targets = self.assigns

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._bind(alias.asname or alias.name.partition(".")[0], self.imports)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self._bind(None if alias.name == "*" else alias.asname or alias.name, self.imports)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self._branches([[node.target, *node.body], []])
        self._branches([node.orelse, []])

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        self._branches([node.body, []])
        self._branches([node.orelse, []])

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self._branches([node.body, node.orelse])

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        self._branches([[*node.body, *node.orelse], *([handler] for handler in node.handlers)])
        for statement in node.finalbody:
            self.visit(statement)

    visit_TryStar = visit_Try

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self.visit(node.type)
        self._bind(node.name)
        for statement in node.body:
            self.visit(statement)
        self.bound.discard(node.name or "")

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        self._branches([[case] for case in node.cases] + [[]])

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.generic_visit(node)
        self._bind(node.name)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        self._bind(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.generic_visit(node)
        self._bind(node.rest)

    def visit_TypeAlias(self, node: ast.AST) -> None:
        """`type X = ...` (from Python 3.12 on) reads its value when it is asked for."""
        inner = names_in([ast.Expr(node.value)])  # type: ignore[attr-defined]
        self.later.update((name, None) for name in inner.reads if name not in self.bound)
        self.visit(node.name)  # type: ignore[attr-defined]

    def _branches(self, branches: Iterable[Sequence[ast.AST]]) -> None:
        """Only one of these runs: bound is what every one binds."""
        before, after = set(self.bound), []
        for branch in branches:
            self.bound = set(before)
            for node in branch:
                self.visit(node)
            after.append(self.bound)
        self.bound = set.intersection(*after)
