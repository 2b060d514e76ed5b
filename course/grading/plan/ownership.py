"""Decide what of a test cell's surroundings is the instructor's and what the student's. The source notebook decides.

For each name that a test reads: the statement before the test that last bound it, and those that changed it since. Is
an answer among them, or behind what they read, then the name is the student's: its value is fetched from the candidate
when the test's turn comes. Else it is the instructor's: those statements are run in the examiner first. Statements
count, not cells, so a cell may hold both. Beyond that:

- Imports are the instructor's wherever they stand, unless no such package is installed (it is a student's file then).
  A name that only imports have bound, and another name for it or for something in it, is never taken from the student.
- What test cells bind stays in the examiner; what their functions read is looked up for each test that calls them. The
  same goes for functions and classes of the course's: they run in the examiner, even where they call an answer, which
  they reach as the test does. What the course's cells have computed by calling answers is the student's.
- What an answer may have changed in place becomes the student's. The names of a locked cell are safe from mere
  suspicion: they only follow what surely changes them.
- Random values of the course's are the instructor's like any other: both sides draw them alike (`plan.draws`). Where
  they cannot, and the test and the student's code both rest on one, the two can only be judged together.
- A name that nothing binds (by `%run`, say) is the student's, unless a star import may have brought it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from nbformat import NotebookNode

from course.errors import CourseError
from course.grading.cells import is_test
from course.grading.plan.draws import Draws
from course.grading.plan.giving import given_there
from course.grading.plan.history import History
from course.grading.plan.members import members_in, members_of
from course.grading.plan.steps import Step, Steps, steps_of
from course.scoping import IN_A_NOTEBOOK, is_import, names_in, names_in_strings


@dataclass(frozen=True)
class Needs:
    """What must be at hand before one test cell runs.

    Attributes:
        reads: names of the notebook that it reads.
        fetch: those to bind to the candidate's values; one that the candidate does not have must be unbound.
        prepare: code of the instructor's to run in the examiner first. Each piece stands with the first test after
            it, so that tests run in the source's order run all the pieces in theirs, each once.
        prepared_in: the source's cells from which the pieces are, in the same order.
        rebinds: names of the student's that the test binds anew or deletes although the student's functions read them,
            as a test does to see whether one function uses another. To have that effect, it must reach the candidate.
        members: names that the course's cells give to methods and attributes, answers included.
        gives: code of the test that the student's side runs before it: imports, and what the student's cells read and
            nothing else binds.
        needs: every source cell with code that this test rests on; when such a piece failed, so must the test.
        draws: the source cells among them whose random draws must be the same on both sides.
        unrepeatable: why they cannot be where they have to, so that the test has to run together; else empty.
        problem: why the test cannot be run at all; empty when it can.
    """

    grade_id: str
    cell: int
    fetch: tuple[str, ...]
    prepare: tuple[str, ...]
    prepared_in: tuple[int, ...]
    rebinds: frozenset[str]
    members: frozenset[str]
    needs: frozenset[int]
    draws: frozenset[int] = frozenset()
    unrepeatable: str = ""
    gives: str = ""
    problem: str = ""
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class Statement:
    """One of the course's own, as the tests' side runs it: its place among all of the source, its cell and its text."""

    place: int
    cell: int
    code: str


@dataclass(frozen=True)
class Plan:
    """The plans of all test cells by grade_id, in the source's order.

    `follows` are the source cells whose draws go on where the drawing cell before them ended; `rests_on` are the
    course's statements that each test needs.
    """

    tests: Mapping[str, Needs]
    follows: frozenset[int] = frozenset()
    rests_on: Mapping[str, frozenset[Statement]] = field(default_factory=dict)

    def apart(self, together: Collection[str]) -> Mapping[str, Needs]:
        """The tests but for these, with the pieces that they need by themselves."""
        if not together:
            return self.tests
        return _with_pieces([needs for name, needs in self.tests.items() if name not in together], self.rests_on)


def plan(source: NotebookNode, provided: Collection[str] = (), release: NotebookNode | None = None) -> Plan:
    """What each test cell of the source needs; CourseError when the notebook is not in Python.

    Args:
        source: the instructor's notebook, with answers and hidden tests.
        provided: modules that lie beside it, as the instructor's files.
        release: what students got; a cell without nbgrader's marks that differs there is an answer as well.
    """
    language = (source.metadata.get("kernelspec") or {}).get("language") or "python"
    if str(language).lower() not in ("python", "python3", "ipython"):
        raise CourseError(f"the notebook is in {language}: only Python notebooks can be graded here")
    return _Planning(source, steps_of(source, provided, release)).plan()


class _Planning:
    """The plans of a notebook's tests, from its steps and the history of its names."""

    def __init__(self, source: NotebookNode, steps: Steps) -> None:
        self._cells, self._steps, self._history = source.cells, steps, History(steps)
        self._draws = Draws(steps, self._history)

    def plan(self) -> Plan:
        """Each test's names, then the pieces of all tests in the order of the source."""
        drafts = {index: self._draft(index) for index, cell in enumerate(self._cells) if is_test(cell)}
        rests_on: dict[str, frozenset[Statement]] = {}
        tests: list[Needs] = []
        members = self._members()
        for index, draft in drafts.items():
            grade_id = self._cells[index].metadata["nbgrader"]["grade_id"]
            rests_on[grade_id] = frozenset(Statement(step.place, step.cell, step.code) for step in draft.steps)
            needs = Needs(
                grade_id=grade_id,
                cell=index,
                fetch=draft.fetch,
                prepare=(),
                prepared_in=(),
                rebinds=self._rebound(index, draft.fetch),
                members=members,
                needs=frozenset(step.cell for step in draft.steps),
                draws=frozenset(step.cell for step in draft.steps if step in self._draws),
                unrepeatable=_why_together(draft.unrepeatable),
                gives=given_there(self._steps.in_cell(index), self._wanted_of_tests),
                problem=self._steps.problems.get(index, ""),
                reads=draft.reads,
            )
            tests.append(needs)
        return Plan(_with_pieces(tests, rests_on), self._draws.follows, rests_on)

    def _members(self) -> frozenset[str]:
        """The members that the notebook's code defines, and those that its tests read of a student's own modules."""
        nodes = [step.node for step in self._steps.all if step.owner != "test"]
        tests = [step.node for step in self._steps.all if step.owner == "test"]
        students = [step for step in self._steps.all if step.owner == "answer" and is_import(step.node)]
        modules = {name for step in students for name in step.names.may_bind}
        return frozenset([*members_in(nodes), *members_of(modules, tests)])

    def _draft(self, index: int) -> "_Draft":
        """What the test in cell `index` needs of either side."""
        place = self._steps.starts[index]
        wanted = dict.fromkeys(self._free_names(index))
        for name in [*wanted]:
            wanted |= dict.fromkeys(self._read_by_helpers(name, place))
        library = {name for name in wanted if self._history.is_library(name, place)}
        defined = {name: steps for name in wanted if (steps := self._history.definition(name, place))}
        others = [name for name in wanted if name not in library and name not in defined]
        students = [name for name in others if self._history.is_students(name, place)]
        own = defined | {
            name: self._history.behind(name, place).steps for name in wanted if name not in {*students, *defined}
        }
        theirs = {step for name in students for step in self._history.behind(name, place).steps}
        shared = {name: steps & theirs for name, steps in own.items() if name not in library}
        lost = [name for name, steps in shared.items() if not all(map(self._draws.is_repeatable, steps))]
        return _Draft(tuple(wanted), tuple(students), self._draws.with_draws(set().union(*own.values())), lost)

    @cached_property
    def _wanted_of_tests(self) -> frozenset[str]:
        """Names that cells outside tests read and that only tests bind."""
        outside = [step.names for step in self._steps.all if step.owner != "test"]
        read = {name for names in outside for name in (*names.reads, *names.later)}
        return frozenset(read - {name for names in outside for name in names.may_bind} - IN_A_NOTEBOOK)

    def _rebound(self, index: int, fetched: Iterable[str]) -> frozenset[str]:
        """Names on which the fetched values rest, and which the test in cell `index` binds or deletes."""
        names = [step.names for step in self._steps.in_cell(index)]
        changed = {name for part in names for name in part.may_bind | part.deletes}
        behind = {root: self._history.behind(root, self._steps.starts[index]).names for root in fetched}
        return frozenset(name for root, names in behind.items() for name in names & changed if name != root)

    def _free_names(self, index: int) -> list[str]:
        """What a test cell reads from outside, in order; builtins only where the notebook binds them."""
        nodes = [step.node for step in self._steps.in_cell(index)]
        names = names_in(nodes)
        mentioned = [name for name in names_in_strings(nodes) if self._history.is_bound(name)]
        every = dict.fromkeys([*names.reads, *names.later, *mentioned])
        return [name for name in every if self._history.is_known(name, self._steps.starts[index])]

    def _read_by_helpers(self, name: str, place: int) -> list[str]:
        """What functions of the course's and from earlier test cells, reached through the name, read when called."""
        found: dict[str, None] = {}
        todo = [name]
        while todo:
            reached = todo.pop()
            helpers = [step for step in self._history.made_by(reached, place) if step.owner == "test"]
            helpers += sorted(self._history.definition(reached, place), key=lambda step: step.place)
            read = [later for step in helpers for later in step.names.later if self._history.is_known(later, place)]
            todo.extend(later for later in read if later not in found)
            found |= dict.fromkeys(read)
        return list(found)


@dataclass(frozen=True)
class _Draft:
    """What a test reads and fetches, the instructor's steps to run for it, and what these cannot draw again."""

    reads: tuple[str, ...]
    fetch: tuple[str, ...]
    steps: set[Step]
    unrepeatable: Sequence[str]


def _why_together(names: Sequence[str]) -> str:
    """Why a test that reads these names must run together with the student's code, which reads them too."""
    if not names:
        return ""
    return f"the student's code reads {', '.join(names)} too, drawn in a way that cannot be repeated: draw with a seed"


def _with_pieces(tests: Sequence[Needs], rests_on: Mapping[str, frozenset[Statement]]) -> dict[str, Needs]:
    """These tests, each with the pieces of code that no test before it has run, for all that come."""
    wanted = {statement for needs in tests for statement in rests_on[needs.grade_id]}
    found: dict[str, Needs] = {}
    done = -1
    for needs in tests:
        pieces = _pieces(statement for statement in wanted if done < statement.cell < needs.cell)
        found[needs.grade_id] = replace(needs, prepare=tuple(pieces.values()), prepared_in=tuple(pieces))
        done = needs.cell
    return found


def _pieces(statements: Iterable[Statement]) -> dict[int, str]:
    """The statements of each cell as one piece of code, in order."""
    pieces: dict[int, list[str]] = {}
    for statement in sorted(statements):
        pieces.setdefault(statement.cell, []).append(statement.code)
    return {cell: "\n".join(lines) for cell, lines in pieces.items()}
