"""What an audit found: counts by exercise, what is below the bar, and the survivors."""

from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from typing import Any

from course.audit.draws import Draws
from course.audit.trials import CAUGHT, KEPT, Kind, Outcome
from course.audit.variants import keepers, spoilers
from course.audit.wholes import Whole
from course.authoring.lesson import Answer, Exercise

MUTANTS_BAR = 0.95  # of those that are not marked as equivalent
MARKED: tuple[Kind, ...] = ("keeper", "spoiler")  # marked by name, several in one cell
FEWEST = {"right": 2, "wrong": 4}  # answers beside the solution and the panel's


@dataclass(frozen=True)
class ExerciseAudit:
    """One exercise's outcomes."""

    exercise: Exercise
    outcomes: tuple[Outcome, ...]
    draws: tuple[Draws, ...] = ()

    @property
    def name(self) -> str:
        return self.exercise.name

    def of(self, *kinds: Kind) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.trial.kind in kinds]

    @property
    def refused(self) -> list[Outcome]:
        """Right answers that lost points, and keepers that the lesson does not call otherwise."""
        return [outcome for outcome in self.of(*KEPT) if not outcome.full and not self.equivalent(outcome)]

    @property
    def missed(self) -> list[Outcome]:
        """Wrong answers and spoilers that got all points, and unfilled cells that got any."""
        wrong = self.of(*CAUGHT)
        return [one for one in wrong if one.full and not self.equivalent(one)] + [
            one for one in self.of("empty") if one.earned > 0
        ]

    @property
    def fooled(self) -> list[Outcome]:
        """Attacks that got any points, or more than the wrong answer that they disguise gets under any draw."""
        plain = {one.trial.description: one.earned for one in self.of("wrong", "hollow")}
        for each in self.draws:
            if (name := each.trial.description) in plain and each.trial.kind in ("wrong", "hollow"):
                plain[name] = max([plain[name], *(ran.earned for ran in each.ran.values())])
        return [one for one in self.of("attack") if one.earned > plain.get(one.trial.beside, 0.0) + 1e-9]

    @property
    def survivors(self) -> list[Outcome]:
        """Mutants that got all points and are not marked as equivalent."""
        return [one for one in self.of("mutant") if one.full and not self.equivalent(one)]

    @property
    def judged(self) -> int:
        """How many mutants are not marked as equivalent."""
        return len(self.judged_of("mutant"))

    def judged_of(self, *kinds: Kind) -> list[Outcome]:
        """The outcomes of these kinds that the lesson does not mark as equivalent."""
        return [outcome for outcome in self.of(*kinds) if not self.equivalent(outcome)]

    def equivalent(self, outcome: Outcome) -> Answer | None:
        """The lesson's word that this mutant or spoiler is no worse than the solution, or this keeper not as good."""
        wanted = _plain(outcome.trial.difference)
        if outcome.trial.kind in MARKED:
            return next((one for one in self.exercise.equivalent if wanted and wanted[0] in _lines(one)), None)
        return next((one for one in self.exercise.equivalent if _lines(one) == wanted), None)

    def complaints(self) -> Iterator[str]:
        """What is below the bar, a sentence each."""
        name = self.name
        for outcome in self.outcomes:
            if outcome.fault:
                yield f"{name}: could not judge {_called(outcome)}: {outcome.fault}"
        for outcome in self.refused:
            yield f"{name}: loses points although right: {_called(outcome)}; {' | '.join(outcome.messages)}"
        for outcome in self.missed:
            yield f"{name}: passes although wrong: {_called(outcome)}; add a check that tells it apart"
        for outcome in self.fooled:
            yield f"{name}: gives {outcome.earned:g} points to an attack: {outcome.trial.description}"
        for outcome in self.outcomes:
            wanted = outcome.trial.earns
            if wanted is not None and not outcome.fault and abs(outcome.earned - wanted) > 1e-5:
                yield f"{name}: {_called(outcome)} earns {outcome.earned:g} points, and should earn {wanted:g}"
        for kind, fewest in () if self.exercise.solution.pieces else FEWEST.items():
            if (known := sum(not one.by_panel for one in getattr(self.exercise, kind))) < fewest:
                besides = " besides its solution" if kind == "right" else ""
                answers = "answer" if known == 1 else "answers"
                yield f"{name}: has {known} {kind} {answers}{besides}: write at least {fewest}"
        if self.judged and len(self.survivors) > (1 - MUTANTS_BAR) * self.judged:
            caught = self.judged - len(self.survivors)
            yield f"{name}: catches {caught} of {self.judged} mutants: at least {MUTANTS_BAR:.0%} are required"
        yield from (f"{name}: {text}" for each in self.draws if (text := each.complaint()))
        yield from self._stale_variants()
        if self.of("mutant"):
            yield from self._stale_marks()

    def _stale_variants(self) -> Iterator[str]:
        """Marks of spoilers and keepers that there are none of any more, or that say what is not so."""
        marks = [answer for answer in self.exercise.equivalent if _of_variants(answer)]
        known = {_plain([text])[0] for text in _variants(self.exercise)} if marks else set()
        for answer in marks:
            name = f"{self.name}: {_mark(answer)}"
            for line in answer.source.splitlines():
                if line.strip("# ") and _plain([line])[0] not in known:
                    yield f"{name}: there is no `{line.lstrip('# ')}` any more: delete the line"
        for outcome in self.of(*MARKED):
            if (mark := self.equivalent(outcome)) and outcome.full != (outcome.trial.kind == "spoiler"):
                yield f"{self.name}: {_mark(mark)}: not needed for {_called(outcome)}"

    def _stale_marks(self) -> Iterator[str]:
        used = {answer.line: one for one in self.of("mutant") if (answer := self.equivalent(one))}
        for answer in self.exercise.equivalent:
            if _of_variants(answer):
                continue
            name = f"{self.name}: {_mark(answer)}"
            if answer.line not in used:
                yield (
                    f"{name}: no mutant has this difference: write its two lines as the audit prints them, `# - …` and "
                    "`# + …`, or delete the cell"
                )
            elif not used[answer.line].full:
                yield f"{name}: the tests catch this mutant, so it is not equivalent"

    def data(self) -> dict[str, Any]:
        """The counts and what is wrong, as JSON knows it."""
        return {
            "exercise": self.name,
            "right": _kept(self.of("solution", "right")),
            "panel right": _kept(self.of("panel right")),
            "keepers": _kept(self.judged_of("keeper")),
            "wrong": _caught(self.of("wrong")),
            "panel wrong": _caught(self.of("panel wrong")),
            "spoilers": _caught(self.judged_of("spoiler")),
            "attacks": _counts(self.of("attack"), len(self.fooled)),
            "mutants": {"caught": self.judged - len(self.survivors), "of": self.judged},
            "equivalent": len(self.of("mutant", *MARKED)) - len(self.judged_of("mutant", *MARKED)),
            "seeds": _counts(self.draws, sum(not one.steady for one in self.draws)),
            "survivors": [{"mistake": one.trial.description, "difference": one.trial.difference}
                          for one in self.survivors],
            "complaints": list(self.complaints()),
        }  # fmt: skip


@dataclass(frozen=True)
class LessonAudit:
    """One lesson's audit, and whole notebooks, the first of which holds the lesson's own solutions."""

    lesson: str
    exercises: tuple[ExerciseAudit, ...]
    wholes: tuple[Whole, ...] = ()

    def complaints(self) -> list[str]:
        found = [f"{self.lesson}: {text}" for exercise in self.exercises for text in exercise.complaints()]
        for own in (one.without for one in self.wholes[:1]):
            if own.points != own.max_points:
                found.append(f"{self.lesson}: its own solutions earn {own.points:g} of {own.max_points:g} points")
        return found + [f"{self.lesson}: {text}" for whole in self.wholes for text in whole.complaints()]

    def data(self) -> dict[str, Any]:
        """The audit as JSON knows it."""
        exercises = [exercise.data() for exercise in self.exercises]
        return {"lesson": self.lesson, "exercises": exercises, "complaints": self.complaints()}


def by_exercise(outcomes: Iterable[Outcome], draws: Iterable[Draws] = ()) -> tuple[ExerciseAudit, ...]:
    """Outcomes and draws gathered by exercise, in their order."""
    tried, drawn = [*outcomes], [*draws]
    found = [*(one.trial.exercise for one in drawn), *(one.trial.exercise for one in tried)]
    exercises = {exercise.name: exercise for exercise in found}
    return tuple(
        ExerciseAudit(
            exercise,
            tuple(one for one in tried if one.trial.exercise.name == name),
            tuple(one for one in drawn if one.trial.exercise.name == name),
        )
        for name, exercise in exercises.items()
    )


def _variants(exercise: Exercise) -> Iterator[str]:
    """Every spoiler and keeper of an exercise, as a mark names it."""
    yield from (f"spoiler: {description}" for description, _ in spoilers(exercise))
    yield from (f"keeper: {description}" for description, _ in keepers(exercise))


def _of_variants(answer: Answer) -> bool:
    """Whether a mark is about spoilers and keepers, a line each, and not about one mutant."""
    return answer.source.lstrip("# ").startswith(("spoiler:", "keeper:"))


def _lines(answer: Answer) -> tuple[str, ...]:
    return _plain(answer.source.splitlines())


def _plain(rows: Iterable[str]) -> tuple[str, ...]:
    """The rows of a difference, without the `#` that makes them comments in a lesson and without spacing."""
    return tuple("".join(row.lstrip("# ").split()) for row in rows if row.strip("# "))


def _mark(answer: Answer) -> str:
    """The mark as a complaint names it."""
    return f"equivalent `{answer.description}`" + (f" at {answer.place}" if answer.place else "")


def _called(outcome: Outcome) -> str:
    trial = outcome.trial
    return trial.called + (f" ({'; '.join(trial.difference)})" if trial.difference else "")


def _kept(outcomes: list[Outcome]) -> dict[str, int]:
    return _counts(outcomes, sum(not one.full for one in outcomes))


def _caught(outcomes: list[Outcome]) -> dict[str, int]:
    return _counts(outcomes, sum(one.full for one in outcomes))


def _counts(outcomes: Sized, bad: int) -> dict[str, int]:
    return {"good": len(outcomes) - bad, "of": len(outcomes)}
