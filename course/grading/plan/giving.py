"""What of a test cell the student's side needs as well: imports, and what only tests bind and the student reads."""

import ast
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from course.scoping import IN_A_NOTEBOOK, Names, is_import


class Statement(Protocol):
    """One statement of a test cell."""

    @property
    def code(self) -> str: ...
    @property
    def node(self) -> ast.stmt: ...
    @property
    def names(self) -> Names: ...


def given_there(steps: Sequence[Statement], wanted: frozenset[str]) -> str:
    """The code of a test cell's statements that the student's side runs before the test.

    An import is given as it is. Of the rest, what binds a `wanted` name once, for good, and from nothing but other
    statements that are given: what a test makes of the student's own values stays with the test.
    """
    bound = Counter(name for step in steps for name in step.names.may_bind)
    known = set(IN_A_NOTEBOOK)
    able: list[Statement] = []
    for step in steps:
        names = step.names.may_bind
        alone = bool(names) and names == step.names.binds and all(bound[name] == 1 for name in names)
        if is_import(step.node) or (alone and known.issuperset(step.names.reads)):
            able.append(step)
            known |= names
    given: list[Statement] = []
    for step in reversed(able):  # what a statement that is given reads is given too
        if is_import(step.node) or not step.names.may_bind.isdisjoint(wanted):
            given.append(step)
            wanted = wanted | {*step.names.reads, *step.names.later}
    return "\n".join(step.code for step in reversed(given))
