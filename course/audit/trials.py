"""Trials: one answer to one exercise, graded by the engine in a notebook with no more in it than the answer needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from random import Random
from typing import Literal, get_args

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from course import scoping
from course.audit.attacks import attacks, disguises, hollow, without_chance
from course.audit.mutants import mutants, student_lines
from course.audit.variants import keepers, spoilers
from course.authoring.lesson import Exercise, Lesson
from course.authoring.notebook import is_solution, source_notebook
from course.authoring.preprocess import ClearBlanks
from course.folder import CourseFolder
from course.grading.cells import is_test
from course.grading.engine import Engine
from course.grading.limits import Limits
from course.grading.plan.exam import Exam
from course.grading.plan.ownership import Needs, Plan
from course.grading.submission.repair import Repaired
from course.grading.verdict.model import CellVerdict

Kind = Literal[
    "solution", "right", "panel right", "keeper",
    "empty", "wrong", "panel wrong", "spoiler", "hollow", "attack", "mutant",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
KEPT: tuple[Kind, ...] = ("solution", "right", "panel right", "keeper")  # must keep every point
CAUGHT: tuple[Kind, ...] = ("wrong", "panel wrong", "spoiler")  # must lose some
ALWAYS = ("solution", "empty", "hollow")  # one each, also of a sample
LIMITS = Limits(cell_s=20.0, call_s=5.0, test_s=40.0, submission_s=90.0, grace_s=1.0, restarts=2)
STUDENT = "audit"


@dataclass(frozen=True)
class Trial:
    """One answer to an exercise; of a mutant, `difference` says what is changed."""

    exercise: Exercise
    kind: Kind
    description: str
    source: str
    difference: tuple[str, ...] = ()
    earns: float | None = None  # what it must earn exactly, where that is known
    beside: str = ""  # of an attack on a wrong answer: that answer's description, which may earn as much
    place: str = ""  # the file and the line of an answer that somebody wrote

    @property
    def called(self) -> str:
        """The trial as a complaint names it."""
        found = f" at {self.place}" if self.place else ""
        return f"{self.kind} `{self.description}`{found}"


@dataclass(frozen=True)
class Outcome:
    """What the engine made of a trial; `fault` says why it could not judge, where it could not."""

    trial: Trial
    earned: float
    messages: tuple[str, ...]
    seconds: float
    fault: str = ""

    @property
    def full(self) -> bool:
        return self.earned >= self.trial.exercise.points


def trials(lesson: Lesson, *, with_mutants: bool, only: str | None = None) -> list[Trial]:
    """Every answer to try, exercise by exercise."""
    empty = _unfilled(lesson)
    wanted = lesson.exercises if only is None else (lesson.exercise(only),)
    return [trial for exercise in wanted for trial in _trials(exercise, empty[exercise.name], with_mutants)]


def sampled(todo: Sequence[Trial], most: int, seed: str) -> list[Trial]:
    """At most so many right answers, wrong answers and attacks of each exercise, the same ones for the same seed."""
    groups: dict[tuple[str, str], list[Trial]] = {}
    for trial in todo:
        groups.setdefault((trial.exercise.name, trial.kind), []).append(trial)
    for (name, kind), group in groups.items():
        if kind == "attack":  # one on a wrong answer is judged by what that answer earns by itself
            known = {one.description for one in (*groups.get((name, "wrong"), ()), *groups.get((name, "hollow"), ()))}
            group[:] = [one for one in group if not one.beside or one.beside in known]
        if kind not in (*ALWAYS, "mutant") and len(group) > most:
            group[:] = Random(f"{seed} {name} {kind}").sample(group, most)
    kept = {id(trial) for group in groups.values() for trial in group}
    return [trial for trial in todo if id(trial) in kept]


def _trials(exercise: Exercise, empty: str, with_mutants: bool) -> Iterator[Trial]:
    yield Trial(exercise, "solution", "the lesson's own solution", exercise.answer)
    yield Trial(exercise, "empty", "not answered", empty)
    for right in exercise.right:
        kind: Kind = "panel right" if right.by_panel else "right"
        yield Trial(exercise, kind, right.description, right.source, place=right.place)
    for wrong in exercise.wrong:
        kind = "panel wrong" if wrong.by_panel else "wrong"
        yield Trial(exercise, kind, wrong.description, wrong.source, earns=wrong.earns, place=wrong.place)
    bound = scoping.binds(exercise.solution.source)
    for description, source in attacks(bound, empty):
        yield Trial(exercise, "attack", description, source)
    if not exercise.solution.pieces:
        yield from _disguised(exercise, bound)
        for description, source in keepers(exercise):
            yield Trial(exercise, "keeper", description, source, (f"keeper: {description}",))
        for description, source in spoilers(exercise):
            yield Trial(exercise, "spoiler", description, source, (f"spoiler: {description}",))
    if with_mutants and not exercise.solution.pieces:
        for mutant in mutants(exercise.solution.source, student_lines(exercise.solution.lines)):
            yield Trial(exercise, "mutant", mutant.mistake, mutant.source, mutant.difference)


def _disguised(exercise: Exercise, bound: frozenset[str]) -> Iterator[Trial]:
    """Wrong answers, and one that is right in nothing but its form, with something done to be taken for right."""
    own = [wrong for wrong in exercise.wrong if not wrong.by_panel]
    for wrong in own:
        first = wrong is own[0]
        for way, source in disguises(wrong.source, bound, first):
            yield Trial(exercise, "attack", f"{wrong.description}; {way}", source, beside=wrong.description)
    form = hollow(exercise.answer, bound)
    yield Trial(exercise, "hollow", "zeros of the right form", form)
    description = "zeros of the right form; nothing random on the student's side"
    yield Trial(exercise, "attack", description, without_chance(form), beside="zeros of the right form")


def _unfilled(lesson: Lesson) -> dict[str, str]:
    """The solution cells as students get them."""
    cleared, _ = ClearBlanks().preprocess(source_notebook(lesson), {})
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in cleared.cells if is_solution(cell)}


@dataclass(frozen=True, kw_only=True)
class _OneTest(Exam):
    """A lesson's exam of which one test alone is taken."""

    needs: Needs
    follows: frozenset[int]

    @property
    def plan(self) -> Plan:
        return Plan({self.needs.grade_id: self.needs}, self.follows)


def alone(plan: Plan, grade_id: str) -> Needs:
    """What a test needs when no test has run before it: also the pieces of the course's code that those run."""
    needs = plan.tests[grade_id]
    before = [one for one in plan.tests.values() if one.cell <= needs.cell]
    pieces = [piece for one in before for piece in zip(one.prepared_in, one.prepare, strict=True)]
    wanted = [(cell, text) for cell, text in pieces if cell in needs.needs]
    return replace(needs, prepare=tuple(text for _, text in wanted), prepared_in=tuple(cell for cell, _ in wanted))


class TrialRoom:
    """An engine for one lesson as it stands in lessons/, built or not."""

    def __init__(self, folder: CourseFolder, lesson: Lesson, jobs: int | None = None) -> None:
        self.lesson = lesson
        self.source = source_notebook(lesson)
        files = {path.relative_to(lesson.folder).as_posix(): path.read_bytes() for path in lesson.data}
        self.exam = Exam(lesson.name, lesson.name, self.source, None, files, LIMITS)
        self.engine = Engine(folder, [self.exam], jobs=jobs)

    def __enter__(self) -> "TrialRoom":
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()

    def run(self, wanted: list[Trial]) -> Iterator[Outcome]:
        """Grade each trial, several at once; outcomes come in the order of the trials."""
        with ThreadPoolExecutor(self.engine.jobs) as pool:
            yield from pool.map(self.grade, wanted)

    def grade(self, trial: Trial) -> Outcome:
        """Grade one answer, with the lesson's own solutions in the exercises that it builds on.

        Its test is planned as in grading, by the whole notebook with its demonstrations.
        """
        needs = alone(self.exam.plan, f"{trial.exercise.name}_tests")
        cells = self._cells(trial, needs.fetch)
        own = {one.name: getattr(self.exam, one.name) for one in fields(self.exam)}
        exam = _OneTest(**own, needs=needs, follows=self.exam.plan.follows)
        handed_in = new_notebook(cells=[holding(cell, {trial.exercise.name: trial.source}) for cell in cells])
        verdict = self.engine.examine(STUDENT, exam, Repaired(handed_in, ()), {})
        (cell,) = (cell for cell in verdict.cells if cell.grade_id == f"{trial.exercise.name}_tests")
        fault = cell.message if cell.ending == "could not run" else ""
        return Outcome(trial, cell.earned or 0.0, _messages(cell), verdict.seconds, fault)

    def _cells(self, trial: Trial, fetched: Iterable[str]) -> list[NotebookNode]:
        """The set-up cells, what else the answer and its test need, and the test, in the lesson's order."""
        name = trial.exercise.name
        cells = [cell for cell in self.source.cells if cell.cell_type == "code"]
        ids = [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in cells]
        place = ids.index(f"{name}_tests")
        test = cells[place]
        needed = _reads(trial.source, trial.exercise.solution.source) | scoping.reads(test.source) | {*fetched}
        kept = []
        for cell, grade_id in zip(reversed(cells[:place]), reversed(ids[:place]), strict=True):
            set_up = bool(grade_id) and not is_solution(cell)
            if is_test(cell) or not (set_up or grade_id == name or scoping.binds(cell.source) & needed):
                continue
            kept.append(cell)
            needed |= scoping.reads(cell.source)
        return [deepcopy(cell) for cell in [*reversed(kept), test]]


def holding(cell: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """A copy of the cell with the answer to it, if there is one."""
    held = deepcopy(cell)
    held.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
    return held


def _reads(source: str, otherwise: str) -> frozenset[str]:
    try:
        return scoping.reads(source)
    except SyntaxError:
        return scoping.reads(otherwise)


def _messages(cell: CellVerdict) -> tuple[str, ...]:
    """What the grader said of an answer that lost points, a line a check."""
    if cell.report is None:
        return (cell.message,) if cell.message else ()
    return tuple(f"{check.label}: {check.message}" for check in cell.report.failures)
