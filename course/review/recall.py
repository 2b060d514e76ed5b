"""Which cards a student should see again, and why.

A card stands behind each exercise whose heading names it. All points missed is Again, some Hard, none Good; a card
behind several exercises takes the worst. Of a check that failed only its label and its hint are kept: its message and
what was printed may hold a hidden input.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fsrs import Rating

from course.authoring.cards import Card
from course.authoring.lesson import Exercise, Lesson
from course.errors import CourseError
from course.grading.verdict.model import CellVerdict
from course.report.hiding import SENTENCES
from course.report.table import title


@dataclass(frozen=True)
class Missed:
    """A check that failed."""

    label: str
    hint: str


@dataclass(frozen=True)
class Reason:
    """An exercise that a card stands behind, how it went, and what to say where its tests did not run to their end."""

    exercise: str
    earned: float
    points: float
    rating: Rating
    missed: tuple[Missed, ...]
    note: str = ""


@dataclass(frozen=True)
class Recall:
    """A card to be seen again, how well it was known, and the exercises that say so."""

    card: Card
    rating: Rating
    reasons: tuple[Reason, ...]


def has_cards(lesson: Lesson) -> bool:
    """Whether any exercise of the lesson names a card."""
    return any(exercise.cards for exercise in lesson.exercises)


def require_cards(lesson: Lesson) -> None:
    """Raise CourseError when no exercise of the lesson names a card."""
    if not has_cards(lesson):
        raise CourseError(
            f"{lesson.path}: no exercise names a card: write cards.yaml beside it and `cards: ID, ID` into the headings"
        )


def recalls(lesson: Lesson, verdicts: Sequence[CellVerdict], *, keep_right: bool = False) -> tuple[Recall, ...]:
    """The cards to be seen again, worst first and then in the lesson's order; with those known where they are kept.

    Raises CourseError when none of the lesson's exercises was graded.
    """
    found = {title(cell.grade_id): cell for cell in verdicts if cell.earned is not None}
    known = [exercise for exercise in lesson.exercises if exercise.name in found]
    if not known:
        raise CourseError(f"no exercise of {lesson.name} was graded: its source has changed; grade {lesson.name} again")
    reasons = {exercise.name: _reason(exercise, found[exercise.name]) for exercise in known}
    chosen = []
    for card in lesson.cards:
        behind = [reasons[exercise.name] for exercise in known if card.id in exercise.cards]
        worst = min((reason.rating for reason in behind), default=Rating.Good)
        if behind and (keep_right or worst != Rating.Good):
            telling = [reason for reason in behind if worst == Rating.Good or reason.rating != Rating.Good]
            chosen.append(Recall(card, worst, tuple(telling)))
    return tuple(sorted(chosen, key=lambda recall: recall.rating))


def rating_of(earned: float, points: float) -> Rating:
    """All points missed is Again, some Hard, none Good."""
    if earned >= points:
        return Rating.Good
    return Rating.Hard if earned > 0 else Rating.Again


def _reason(exercise: Exercise, cell: CellVerdict) -> Reason:
    earned = cell.earned or 0.0
    failed = cell.report.failures if cell.report else ()
    missed = tuple(Missed(check.label, check.hint) for check in failed)
    note = SENTENCES.get(cell.ending, "")
    return Reason(exercise.title, earned, cell.points, rating_of(earned, cell.points), missed, note)
