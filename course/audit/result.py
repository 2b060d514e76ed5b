"""What an audit found: counts by exercise, what is below the bar, and the survivors."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from course.audit.trials import Kind, Outcome
from course.build.lesson import Answer, Exercise

MUTANTS_BAR = 0.95  # of those that are not marked as equivalent
FEWEST = {"right": 2, "wrong": 4}  # answers beside the reference


@dataclass(frozen=True)
class ExerciseAudit:
    """One exercise's outcomes."""

    exercise: Exercise
    outcomes: tuple[Outcome, ...]

    @property
    def name(self) -> str:
        return self.exercise.name

    def of(self, *kinds: Kind) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.trial.kind in kinds]

    @property
    def refused(self) -> list[Outcome]:
        """Right answers that lost points."""
        return [outcome for outcome in self.of("reference", "right") if not outcome.full]

    @property
    def missed(self) -> list[Outcome]:
        """Wrong answers that got all points, and unfilled cells that got any."""
        return [one for one in self.of("wrong") if one.full] + [one for one in self.of("empty") if one.earned > 0]

    @property
    def fooled(self) -> list[Outcome]:
        """Attacks that got any points."""
        return [one for one in self.of("attack") if one.earned > 0]

    @property
    def survivors(self) -> list[Outcome]:
        """Mutants that got all points and are not marked as equivalent."""
        return [one for one in self.of("mutant") if one.full and not self.equivalent(one)]

    @property
    def judged(self) -> int:
        """How many mutants are not marked as equivalent."""
        return sum(not self.equivalent(outcome) for outcome in self.of("mutant"))

    def equivalent(self, outcome: Outcome) -> Answer | None:
        """The lesson's word that this mutant cannot be told from the solution."""
        wanted = _plain(outcome.trial.difference)
        return next((one for one in self.exercise.equivalent if _plain(one.source.splitlines()) == wanted), None)

    def complaints(self) -> Iterator[str]:
        """What is below the bar, a sentence each."""
        name = self.name
        for outcome in self.outcomes:
            if outcome.fault:
                yield f"{name}: could not judge {_called(outcome)}: {outcome.fault}"
        for outcome in self.refused:
            yield f"{name}: loses points although right: {_called(outcome)}; {' | '.join(outcome.messages)}"
        for outcome in self.missed:
            yield f"{name}: passes although wrong: {_called(outcome)}"
        for outcome in self.fooled:
            yield f"{name}: gives {outcome.earned:g} points to an attack: {outcome.trial.description}"
        for outcome in self.outcomes:
            wanted = outcome.trial.earns
            if wanted is not None and not outcome.fault and abs(outcome.earned - wanted) > 1e-5:
                yield f"{name}: {_called(outcome)} earns {outcome.earned:g} points, and should earn {wanted:g}"
        for kind, fewest in () if self.exercise.solution.pieces else FEWEST.items():
            if (known := len(self.of(kind))) < fewest:  # type: ignore[arg-type]
                yield f"{name}: has {known} {kind} answers: write at least {fewest}"
        if self.judged and len(self.survivors) > (1 - MUTANTS_BAR) * self.judged:
            caught = self.judged - len(self.survivors)
            yield f"{name}: catches {caught} of {self.judged} mutants: at least {MUTANTS_BAR:.0%} are wanted"
        if self.of("mutant"):
            yield from self._stale_marks()

    def _stale_marks(self) -> Iterator[str]:
        used = {answer.line: one for one in self.of("mutant") if (answer := self.equivalent(one))}
        for answer in self.exercise.equivalent:
            if answer.line not in used:
                yield f"{self.name}: line {answer.line}: no mutant has this difference any more: delete the cell"
            elif not used[answer.line].full:
                yield f"{self.name}: line {answer.line}: the tests catch this mutant, so it is not equivalent"

    def data(self) -> dict[str, Any]:
        """The counts and what is wrong, as JSON knows it."""
        return {
            "exercise": self.name,
            "right": _counts(self.of("reference", "right"), len(self.refused)),
            "wrong": _counts(self.of("wrong"), sum(one.full for one in self.of("wrong"))),
            "attacks": _counts(self.of("attack"), len(self.fooled)),
            "mutants": {"caught": self.judged - len(self.survivors), "of": self.judged},
            "equivalent": len(self.of("mutant")) - self.judged,
            "survivors": [{"mistake": one.trial.description, "difference": one.trial.difference}
                          for one in self.survivors],
            "complaints": list(self.complaints()),
        }  # fmt: skip


@dataclass(frozen=True)
class LessonAudit:
    """One lesson's audit; ``whole`` is its reference graded in one piece: points, points possible, seconds."""

    lesson: str
    exercises: tuple[ExerciseAudit, ...]
    whole: tuple[float, float, float] | None

    def complaints(self) -> list[str]:
        found = [f"{self.lesson}: {text}" for exercise in self.exercises for text in exercise.complaints()]
        if self.whole and self.whole[0] != self.whole[1]:
            found.append(f"{self.lesson}: its own solutions earn {self.whole[0]:g} of {self.whole[1]:g} points")
        return found

    def data(self) -> dict[str, Any]:
        """The audit as JSON knows it."""
        exercises = [exercise.data() for exercise in self.exercises]
        return {"lesson": self.lesson, "exercises": exercises, "complaints": self.complaints()}


def by_exercise(outcomes: Iterable[Outcome]) -> tuple[ExerciseAudit, ...]:
    """Outcomes gathered by exercise, in their order."""
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.trial.exercise.name, []).append(outcome)
    return tuple(ExerciseAudit(items[0].trial.exercise, tuple(items)) for items in found.values())


def _plain(rows: Iterable[str]) -> tuple[str, ...]:
    """The rows of a difference, without the ``#`` that makes them comments in a lesson and without spacing."""
    return tuple("".join(row.lstrip("# ").split()) for row in rows if row.strip("# "))


def _called(outcome: Outcome) -> str:
    trial = outcome.trial
    return f"{trial.kind} `{trial.description}`" + (f" ({'; '.join(trial.difference)})" if trial.difference else "")


def _counts(outcomes: list[Outcome], bad: int) -> dict[str, int]:
    return {"good": len(outcomes) - bad, "of": len(outcomes)}
