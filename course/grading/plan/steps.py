"""The source notebook as steps: its top-level statements in order, each with its names, its effects and whose it is."""

import ast
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from nbformat import NotebookNode
from nbgrader.utils import is_locked, is_solution

from course.grading.cells import is_test
from course.grading.plan.effects import Effects, Known, alias_of, effects_of, function_of, is_plain, value_names
from course.grading.plan.imports import origin_of
from course.scoping import Names, imported_modules, is_import, names_in, parse, python

Owner = Literal["answer", "test", "course"]


@dataclass(frozen=True, eq=False)
class Step:
    """One top-level statement of the source."""

    place: int
    cell: int
    owner: Owner
    locked: bool
    code: str
    node: ast.stmt
    names: Names
    effects: Effects
    reads: frozenset[str]


@dataclass(frozen=True)
class Steps:
    """The steps of a notebook.

    Attributes:
        all: the steps in order, each at the place that it names.
        starts: the place at which each cell begins.
        problems: by cell, why it cannot be followed.
    """

    all: list[Step] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)

    def in_cell(self, index: int) -> list[Step]:
        """The steps of one cell."""
        return [step for step in self.all if step.cell == index]


def steps_of(source: NotebookNode, provided: Collection[str], release: NotebookNode | None) -> Steps:
    """The steps of the instructor's notebook.

    Args:
        provided: modules that lie beside it, as the instructor's files.
        release: what students got; a cell without nbgrader's marks that differs there is an answer as well.
    """
    reading = _Reading(frozenset(provided), _given(release))
    for index, cell in enumerate(source.cells):
        reading.steps.starts.append(len(reading.steps.all))
        if cell.cell_type == "code":
            reading.read(index, cell)
    return reading.steps


class _Reading:
    """What is known about the names of a notebook while its cells are read in order."""

    def __init__(self, provided: frozenset[str], given: frozenset[str] | None) -> None:
        self._provided, self._given = provided, given
        self.steps = Steps()
        self._bound: set[str] = set()
        self._known = Known()

    def read(self, index: int, cell: NotebookNode) -> None:
        """Take the statements of a cell in."""
        try:
            statements = parse(cell.source)
        except SyntaxError as error:
            self.steps.problems[index] = f"the course's own cell is not Python: {error.msg}"
            return
        if cell.source.strip() and not python(cell.source).strip():
            self.steps.problems[index] = "the course's own cell is not Python"
        text = python(cell.source)
        for statement in statements:
            effects = effects_of([statement], self._known, shown=statement if statement is statements[-1] else None)
            step = self._step(index, cell, statement, text, effects)
            self.steps.all.append(step)
            self._bound |= step.names.may_bind | step.names.deletes
            self._learn(step, self._known)

    def _step(self, index: int, cell: NotebookNode, statement: ast.stmt, text: str, effects: Effects) -> Step:
        names = names_in([statement])
        called = () if defines(statement) else (name for name in names.later if name in self._bound)
        owner: Owner = "test" if is_test(cell) else "answer" if self._is_answer(cell) else "course"
        if owner != "test" and is_import(statement):
            owner = "course" if self._is_installed(statement) else "answer"
        return Step(
            place=len(self.steps.all),
            cell=index,
            owner=owner,
            locked=is_locked(cell),
            code=_text_of(text, statement),
            node=statement,
            names=names,
            effects=effects,
            reads=frozenset({*names.reads, *called}),
        )

    def _is_answer(self, cell: NotebookNode) -> bool:
        """Whether students write it: so marked, or not locked and with another text in what they got."""
        free = not cell.metadata.get("nbgrader") and self._given is not None
        return is_solution(cell) or (free and cell.source.strip() not in (self._given or ()))

    def _is_installed(self, statement: ast.stmt) -> bool:
        return all(module in self._provided or (module and origin_of(module)) for module in imported_modules(statement))

    def _learn(self, step: Step, known: Known) -> None:
        for name in step.names.may_bind:
            for kind in (known.functions, known.modules, known.holds):
                kind.pop(name, None)
            known.plain.discard(name)
        if isinstance(step.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            known.functions[step.node.name] = function_of(step.node, known)
        elif is_import(step.node):
            package = next(imported_modules(step.node), "")
            known.modules |= dict.fromkeys(step.names.may_bind, package)
        elif (root := alias_of(step.node)) in known.modules:
            known.modules |= dict.fromkeys(step.names.may_bind, known.modules[root or ""])
        else:
            known.plain |= step.names.may_bind if is_plain(step.node, known) else set()
            held = value_names(step.node) - set(known.modules) - set(known.functions)
            known.holds |= {name: held - {name} for name in step.names.may_bind}


def _given(release: NotebookNode | None) -> frozenset[str] | None:
    """The texts of the cells that students got without nbgrader's marks."""
    if release is None:
        return None
    return frozenset(cell.source.strip() for cell in release.cells if not cell.metadata.get("nbgrader"))


def defines(statement: ast.stmt) -> bool:
    """Whether a statement defines a function or a class, and so runs nothing of it."""
    return isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _text_of(source: str, statement: ast.stmt) -> str:
    """A statement's own text, decorators included."""
    lines = source.split("\n")[: statement.end_lineno]
    decorators = getattr(statement, "decorator_list", [])
    first, column = (decorators[0].lineno, 0) if decorators else (statement.lineno, statement.col_offset)
    lines[-1] = lines[-1].encode()[: statement.end_col_offset].decode()
    while decorators and not lines[first - 1].lstrip().startswith("@"):  # `@(` begins above what it decorates with
        first -= 1
    lines[first - 1] = lines[first - 1].encode()[column:].decode()
    return "\n".join(lines[first - 1 :])
