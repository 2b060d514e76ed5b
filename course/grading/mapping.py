"""Decide what of a test cell's surroundings is the instructor's and what the student's. The source notebook decides.

For each name that a test reads: the statement before the test that last bound it, and those that changed it since. Is
an answer among them, or behind what they read, then the name is the student's: its value is fetched from the candidate
when the test's turn comes. Else it is the instructor's: those statements are run in the examiner first. Statements
count, not cells, so a cell may hold both. Beyond that:

- Imports are the instructor's wherever they stand, unless no such package is installed (it is a student's file then).
- What test cells bind stays in the examiner; what their functions read is looked up anew for each test that calls them.
- What an answer may have changed in place becomes the student's. The names of a locked cell are safe from mere
  suspicion: they only follow what surely changes them.
- Random values, drawn without a seed in the same cell, differ between the two sides. Where the student's own values
  were made from them, they are fetched as well.
- A name that nothing binds (by `%run`, say) is the student's, unless a star import may have brought it.
"""

import ast
import importlib.util
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_solution

from course.errors import CourseError
from course.grading.effects import Effects, Known, effects_of, function_of, is_plain, value_names
from course.grading.names import (
    BUILTINS,
    Names,
    has_star,
    imported_modules,
    is_import,
    names_in,
    names_in_strings,
    parse,
    python,
)

Owner = Literal["answer", "test", "course"]
_CHANCE = "<chance>"  # stands for the state of the generators that a seed in the same cell has set


@dataclass(frozen=True)
class Needs:
    """What must be at hand before one test cell runs.

    Attributes:
        fetch: names to bind to the candidate's values; one that the candidate has not must be unbound.
        prepare: code of the instructor's to run in the examiner first. Each piece stands with the first test after
            it, so that tests run in the source's order run all the pieces in theirs, each once.
        prepared_in: the source's cells from which the pieces are, in the same order.
        rebinds: names of the student's that the test binds anew or deletes although the student's functions read them,
            as a test does to see whether one function uses another. To have that effect, it must reach the candidate.
        needs: every source cell with code that this test rests on; when such a piece failed, so must the test.
        problem: why the test cannot be run at all; empty when it can.
    """

    grade_id: str
    cell: int
    fetch: tuple[str, ...]
    prepare: tuple[str, ...]
    prepared_in: tuple[int, ...]
    rebinds: frozenset[str]
    needs: frozenset[int]
    problem: str = ""


@dataclass(frozen=True)
class Plan:
    """The plans of all test cells by grade_id, in the source's order."""

    tests: Mapping[str, Needs]


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
    by_chance: bool


@dataclass(frozen=True)
class _Behind:
    """What a name rests on: steps, and names; `open` when one of them is bound by nothing that can be seen."""

    steps: frozenset[Step]
    names: frozenset[str]
    open: bool


def plan(source: NotebookNode, provided: Collection[str] = ()) -> Plan:
    """What each test cell of the source needs; CourseError when the notebook is not in Python.

    Args:
        source: the instructor's notebook, with answers and hidden tests.
        provided: modules that lie beside it, as the instructor's files.
    """
    language = source.metadata.get("kernelspec", {}).get("language") or "python"
    if str(language).lower() not in ("python", "python3", "ipython"):
        raise CourseError(f"the notebook is in {language}: only Python notebooks can be graded here")
    return _Planning(source, frozenset(provided)).plan()


class _Planning:
    """The steps of a notebook and what is known about the names in them."""

    def __init__(self, source: NotebookNode, provided: frozenset[str]) -> None:
        self._cells = source.cells
        self._provided = provided
        self._steps: list[Step] = []
        self._starts: list[int] = []  # the place at which each cell begins
        self._problems: dict[int, str] = {}
        self._binders: dict[str, list[Step]] = {}
        self._changers: dict[str, list[Step]] = {}
        self._known_behind: dict[tuple[str, int], _Behind] = {}
        known = Known()
        for index, cell in enumerate(source.cells):
            self._starts.append(len(self._steps))
            if cell.cell_type == "code":
                self._read(index, cell, known)

    def plan(self) -> Plan:
        """Each test's names, then the pieces of all tests in the order of the source."""
        drafts = {index: self._draft(index) for index, cell in enumerate(self._cells) if _is_test(cell)}
        wanted = {step for _, steps in drafts.values() for step in steps}
        tests: dict[str, Needs] = {}
        done = -1
        for index, (fetch, steps) in drafts.items():
            pieces = _pieces(step for step in wanted if done < step.cell < index)
            grade_id = self._cells[index].metadata["nbgrader"]["grade_id"]
            tests[grade_id] = Needs(
                grade_id=grade_id,
                cell=index,
                fetch=fetch,
                prepare=tuple(pieces.values()),
                prepared_in=tuple(pieces),
                rebinds=self._rebound(index, fetch),
                needs=frozenset(step.cell for step in steps),
                problem=self._problems.get(index, ""),
            )
            done = index
        return Plan(tests)

    def _read(self, index: int, cell: NotebookNode, known: Known) -> None:
        try:
            statements = parse(cell.source)
        except SyntaxError as error:
            self._problems[index] = f"the course's own cell is not Python: {error.msg}"
            return
        if cell.source.strip() and not python(cell.source).strip():
            self._problems[index] = "the course's own cell is not Python"
        text = python(cell.source)
        seeded = False
        for statement in statements:
            effects = effects_of([statement], known, shown=statement if statement is statements[-1] else None)
            step = self._step(index, cell, statement, text, effects, seeded)
            seeded = seeded or step.effects.seeds
            self._add(step, known)

    def _step(
        self, index: int, cell: NotebookNode, statement: ast.stmt, text: str, effects: Effects, seeded: bool
    ) -> Step:
        names = names_in([statement])
        called = () if _defines(statement) else (name for name in names.later if name in self._binders)
        reads = {*names.reads, *called}
        if seeded and effects.draws:
            reads.add(_CHANCE)
        owner: Owner = "test" if _is_test(cell) else "answer" if is_solution(cell) else "course"
        if owner != "test" and is_import(statement):
            owner = "course" if self._is_installed(statement) else "answer"
        return Step(
            place=len(self._steps),
            cell=index,
            owner=owner,
            locked=is_locked(cell),
            code=_text_of(text, statement),
            node=statement,
            names=names,
            effects=effects,
            reads=frozenset(reads),
            by_chance=effects.draws and not effects.seeds and not seeded,
        )

    def _is_installed(self, statement: ast.stmt) -> bool:
        return all(module in self._provided or _found(module) for module in imported_modules(statement))

    def _add(self, step: Step, known: Known) -> None:
        """Take a step into the history of every name that it binds or changes, and into what is known."""
        self._steps.append(step)
        bound = step.names.may_bind | step.names.deletes
        for name in sorted(bound):
            self._binders.setdefault(name, []).append(step)
        for name in sorted((step.effects.surely | step.effects.maybe) - bound):
            self._changers.setdefault(name, []).append(step)
        self._learn(step, known)

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
        else:
            known.plain |= step.names.may_bind if is_plain(step.node, known) else set()
            held = value_names(step.node) - set(known.modules) - set(known.functions)
            known.holds |= {name: held - {name} for name in step.names.may_bind}

    def _draft(self, index: int) -> tuple[tuple[str, ...], set[Step]]:
        """The names to fetch for the test in cell `index`, and the instructor's steps to run for it."""
        place = self._starts[index]
        wanted = dict.fromkeys(self._free_names(index))
        for name in [*wanted]:
            wanted |= dict.fromkeys(self._read_by_helpers(name, place))
        students = [name for name in wanted if self._is_students(name, place)]
        own = {name: self._behind(name, place).steps for name in wanted if name not in students}
        chance = {step for name in students for step in self._behind(name, place).steps if step.by_chance}
        students += [name for name, steps in own.items() if steps & chance]
        return tuple(students), {step for name, steps in own.items() if name not in students for step in steps}

    def _rebound(self, index: int, fetched: Iterable[str]) -> frozenset[str]:
        """Names on which the fetched values rest, and which the test in cell `index` binds or deletes."""
        names = [step.names for step in self._steps if step.cell == index]
        changed = {name for part in names for name in part.may_bind | part.deletes}
        place = self._starts[index]
        return frozenset(name for root in fetched for name in self._behind(root, place).names & changed if name != root)

    def _free_names(self, index: int) -> list[str]:
        """What a test cell reads from outside, in order; builtins only where the notebook binds them."""
        nodes = [step.node for step in self._steps if step.cell == index]
        names = names_in(nodes)
        mentioned = [name for name in names_in_strings(nodes) if name in self._binders]
        every = dict.fromkeys([*names.reads, *names.later, *mentioned])
        return [name for name in every if self._is_known(name, self._starts[index])]

    def _is_known(self, name: str, place: int) -> bool:
        return name not in BUILTINS or bool(self._history(name, place))

    def _read_by_helpers(self, name: str, place: int) -> list[str]:
        """What functions from earlier test cells, reached through the name, read when they are called."""
        found: dict[str, None] = {}
        todo = [name]
        while todo:
            helpers = [step for step in self._history(todo.pop(), place) if step.owner == "test"]
            read = [later for step in helpers for later in step.names.later if self._is_known(later, place)]
            todo.extend(later for later in read if later not in found)
            found |= dict.fromkeys(read)
        return list(found)

    def _history(self, name: str, place: int) -> list[Step]:
        """The steps before `place` that made the name what it is there: from the last that surely bound it."""
        if name == _CHANCE:
            here = self._steps[place].cell
            return [step for step in self._steps[:place] if step.cell == here and _is_seeded(step)]
        steps: list[Step] = []
        for step in reversed([step for step in self._binders.get(name, ()) if step.place < place]):
            if name in step.names.deletes:
                break
            steps.append(step)
            if name in step.names.binds and not _extends(step.node):
                break
        return [*steps, *self._changes(name, steps, place)] if steps else []

    def _changes(self, name: str, binders: list[Step], place: int) -> list[Step]:
        """The steps that changed what the binders bound, before `place`; no student changes a module."""
        first = binders[-1]
        changers = [step for step in self._changers.get(name, ()) if first.place < step.place < place]
        if all(is_import(step.node) and step.owner == "course" for step in binders):
            return [step for step in changers if not self._is_students_step(step)]
        return [step for step in changers if step.locked or not first.locked or name in step.effects.surely]

    def _is_students(self, name: str, place: int) -> bool:
        """Whether the name's value at `place` is, or rests on, something that the student made."""
        behind = self._behind(name, place)
        return behind.open or any(step.owner == "answer" for step in behind.steps)

    def _is_students_step(self, step: Step) -> bool:
        """Whether a step can only run on the student's side."""
        return step.owner == "answer" or any(self._is_students(name, step.place) for name in step.reads)

    def _behind(self, name: str, place: int) -> _Behind:
        """Every step on which the name's value at `place` rests, but for those of tests, which ran in the examiner."""
        key = (name, place)
        if key not in self._known_behind:
            self._known_behind[key] = self._look_behind(name, place)
        return self._known_behind[key]

    def _look_behind(self, name: str, place: int) -> _Behind:
        found: set[Step] = set()
        is_open = False
        todo = [(name, place)]
        seen = set(todo)
        while todo:
            wanted, at = todo.pop()
            history = self._history(wanted, at)
            if not history and wanted not in BUILTINS and wanted != _CHANCE:
                history = [step for step in self._steps[:at] if step.owner == "course" and has_star(step.node)]
                is_open = is_open or not (history or (wanted in self._binders and wanted != name))
            steps = [step for step in history if step.owner != "test"]
            found.update(steps)
            more = {(read, step.place) for step in steps for read in step.reads}
            more |= {(later, at) for step in steps for later in step.names.later}
            todo.extend(more - seen)
            seen |= more
        return _Behind(frozenset(found), frozenset(name for name, _ in seen), is_open)


def _is_test(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def _defines(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _is_seeded(step: Step) -> bool:
    return step.effects.seeds or _CHANCE in step.reads


def _extends(statement: ast.stmt) -> bool:
    """Whether it is `import a.b`, which adds to what `import a` has bound."""
    return isinstance(statement, ast.Import) and any("." in name.name and not name.asname for name in statement.names)


def _pieces(steps: Iterable[Step]) -> dict[int, str]:
    """The steps of each cell as one piece of code, in order."""
    pieces: dict[int, list[str]] = {}
    for step in sorted(steps, key=lambda step: step.place):
        pieces.setdefault(step.cell, []).append(step.code)
    return {cell: "\n".join(lines) for cell, lines in pieces.items()}


def _text_of(source: str, statement: ast.stmt) -> str:
    """A statement's own text, decorators included."""
    lines = source.split("\n")[: statement.end_lineno]
    decorators = getattr(statement, "decorator_list", [])
    first, column = (decorators[0].lineno, 0) if decorators else (statement.lineno, statement.col_offset)
    lines[-1] = lines[-1].encode()[: statement.end_col_offset].decode()
    lines[first - 1] = lines[first - 1].encode()[column:].decode()
    return "\n".join(lines[first - 1 :])


@cache
def _found(module: str) -> bool:
    try:
        return bool(module) and importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
