"""The history of names: which steps made a name what it is at some place, and all that its value rests on there."""

import ast
from dataclasses import dataclass

from course.grading.plan.effects import alias_of
from course.grading.plan.steps import Step, Steps, defines
from course.scoping import IN_A_NOTEBOOK, has_star, is_import


@dataclass(frozen=True)
class Behind:
    """What a name rests on: steps, and names; `open` when one of them is bound by nothing that can be seen."""

    steps: frozenset[Step]
    names: frozenset[str]
    open: bool


class History:
    """Who bound and changed each name of a notebook, and when."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._binders: dict[str, list[Step]] = {}
        self._changers: dict[str, list[Step]] = {}
        self._known_behind: dict[tuple[str, int], Behind] = {}
        for step in steps.all:
            bound = step.names.may_bind | step.names.deletes
            for name in sorted(bound):
                self._binders.setdefault(name, []).append(step)
            for name in sorted((step.effects.surely | step.effects.maybe) - bound):
                self._changers.setdefault(name, []).append(step)

    def is_bound(self, name: str) -> bool:
        """Whether any step binds or deletes the name."""
        return name in self._binders

    def is_known(self, name: str, place: int) -> bool:
        """Whether a name that is read at `place` is for the notebook to bind: any but Python's own, unless it does."""
        return name not in IN_A_NOTEBOOK or bool(self.made_by(name, place))

    def made_by(self, name: str, place: int) -> list[Step]:
        """The steps before `place` that made the name what it is there: from the last that surely bound it."""
        steps = self._bound_by(name, place)
        return [*steps, *self._changes(name, steps, place)] if steps else []

    def _bound_by(self, name: str, place: int) -> list[Step]:
        """The steps before `place` that may have bound the name, down to the last that surely did."""
        steps: list[Step] = []
        for step in reversed([step for step in self._binders.get(name, ()) if step.place < place]):
            if name in step.names.deletes:
                break
            steps.append(step)
            if name in step.names.binds and not _extends(step.node):
                break
        return steps

    def _changes(self, name: str, binders: list[Step], place: int) -> list[Step]:
        """The steps that changed what the binders bound, before `place`; no student changes a module."""
        first = binders[-1]
        changers = [step for step in self._changers.get(name, ()) if first.place < step.place < place]
        if all(map(self._is_library_step, binders)):
            return [step for step in changers if not self.is_students_step(step)]
        return [step for step in changers if step.locked or not first.locked or name in step.effects.surely]

    def is_library(self, name: str, place: int) -> bool:
        """Whether the name stands for an installed module, or for something in one: then it is never the student's."""
        steps = self._bound_by(name, place)
        return bool(steps) and all(map(self._is_library_step, steps))

    def _is_library_step(self, step: Step) -> bool:
        """Whether a step imports what is installed, or gives another name to it, as `F = torch.nn.functional` does."""
        if step.owner != "course" or is_import(step.node):
            return step.owner == "course"
        root = alias_of(step.node)
        return root is not None and self.is_library(root, step.place)

    def is_students(self, name: str, place: int) -> bool:
        """Whether the name's value at `place` is, or rests on, something that the student made."""
        behind = self.behind(name, place)
        return behind.open or any(step.owner == "answer" for step in behind.steps)

    def definition(self, name: str, place: int) -> frozenset[Step]:
        """The steps behind a function or class of the course's own, without what it reads when it is called.

        Empty where the name stands for anything else, or where the student's code takes part in the definition itself.
        """
        steps = [step for step in self.made_by(name, place) if step.owner != "test"]
        bound = [step for step in steps if name in step.names.may_bind]
        if not bound or not all(map(_defines, bound)) or any(step.owner == "answer" for step in steps):
            return frozenset()
        reads = {(read, step.place) for step in steps for read in step.names.reads}
        if any(self.is_students(read, at) for read, at in reads):
            return frozenset()
        return frozenset(steps).union(*(self.behind(read, at).steps for read, at in reads))

    def is_students_step(self, step: Step) -> bool:
        """Whether a step can only run on the student's side."""
        names = {*step.reads, *step.names.later}
        return step.owner == "answer" or any(self.is_students(name, step.place) for name in names)

    def behind(self, name: str, place: int) -> Behind:
        """Every step on which the name's value at `place` rests, but for those of tests, which ran in the examiner."""
        key = (name, place)
        if key not in self._known_behind:
            self._known_behind[key] = self._look_behind(name, place)
        return self._known_behind[key]

    def _look_behind(self, name: str, place: int) -> Behind:
        found: set[Step] = set()
        is_open = False
        todo = [(name, place)]
        seen = set(todo)
        while todo:
            wanted, at = todo.pop()
            history = self.made_by(wanted, at)
            if not history and wanted not in IN_A_NOTEBOOK:
                history = [step for step in self._steps.all[:at] if step.owner == "course" and has_star(step.node)]
                is_open = is_open or not (history or (wanted in self._binders and wanted != name))
            steps = [step for step in history if step.owner != "test"]
            found.update(steps)
            more = {(read, step.place) for step in steps for read in step.reads}
            more |= {(later, at) for step in steps for later in step.names.later}
            todo.extend(more - seen)
            seen |= more
        return Behind(frozenset(found), frozenset(name for name, _ in seen), is_open)


def _defines(step: Step) -> bool:
    """Whether a step binds a function or a class, and runs nothing of it."""
    is_lambda = isinstance(step.node, ast.Assign | ast.AnnAssign) and isinstance(step.node.value, ast.Lambda)
    return step.owner == "course" and (is_lambda or defines(step.node))


def _extends(statement: ast.stmt) -> bool:
    """Whether it is `import a.b`, which adds to what `import a` has bound."""
    return isinstance(statement, ast.Import) and any("." in name.name and not name.asname for name in statement.names)
