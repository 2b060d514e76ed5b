"""How hard each exercise and each check was, and how well it tells those who know the rest from those who do not.

Difficulty is the share of the points that the class earned, what was not answered counting as nothing. Discrimination
is the corrected item-total correlation: Pearson's, between the points of the exercise (or check) and those of all
others. The item is taken out of the total, or it would correlate with itself (S. Henrysson, Correction of item-total
correlations in item analysis, Psychometrika 28, 1963).
"""

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from course.grading.verdict.points import held
from course.report.classpage.handins import Answered, HandIn
from course.results import CheckResult

FEWEST = 10  # hand-ins for a correlation to say anything
MOST_CHECKS = 60  # of an exercise: labels that a test makes up anew for every student have no end


@dataclass(frozen=True)
class CheckItem:
    """One check, or a promise (which has no points): the share that the class earned, or kept."""

    label: str
    points: float
    is_hidden: bool
    share: float
    discrimination: float | None


@dataclass(frozen=True)
class Item:
    """One exercise: `share` is None as long as a person has something to score."""

    name: str
    points: float
    share: float | None
    discrimination: float | None
    full: int
    part: int
    none: int
    blank: int
    waiting: int
    seconds: float
    checks: tuple[CheckItem, ...] = ()


def items(hand_ins: Sequence[HandIn]) -> tuple[Item, ...]:
    """Every exercise of the class, in the order of the lesson, by the hand-ins that could be read."""
    read = [one for one in hand_ins if one.is_read]
    names = dict.fromkeys(name for one in read for name in one.exercises)
    return tuple(_item(name, [one for one in read if name in one.exercises]) for name in names)


def _item(name: str, hand_ins: Sequence[HandIn]) -> Item:
    answered = [one.exercises[name] for one in hand_ins]
    scored = [one for one in answered if not one.is_waiting]
    earned = [one.cell.earned or 0.0 for one in answered]
    possible = sum(one.cell.points for one in answered)
    is_open = len(scored) < len(answered)
    rest = [one.points - points for one, points in zip(hand_ins, earned, strict=True)]
    return Item(
        name,
        points=max(one.cell.points for one in answered),
        share=None if is_open or not possible else sum(earned) / possible,
        discrimination=None if is_open else correlation(earned, rest),
        full=sum(one.cell.earned == one.cell.points and not one.is_blank for one in scored),
        part=sum(0 < (one.cell.earned or 0.0) < one.cell.points for one in scored),
        none=sum(one.cell.earned == 0 < one.cell.points and not one.is_blank for one in scored),
        blank=sum(one.is_blank for one in answered),
        waiting=len(answered) - len(scored),
        seconds=statistics.median(one.cell.seconds for one in answered),
        checks=tuple(_checks(hand_ins, answered)),
    )


def _checks(hand_ins: Sequence[HandIn], answered: Sequence[Answered]) -> Iterator[CheckItem]:
    """Each check of an exercise; where a test did not come to it, it earned nothing."""
    found = [{check.label: check for check in one.cell.report.checks} if one.cell.report else {} for one in answered]
    known = {label: check for checks in reversed(found) for label, check in reversed(checks.items())}
    order = dict.fromkeys(label for checks in found for label in checks)
    for label in list(order)[:MOST_CHECKS]:
        shares = [_share(checks.get(label)) for checks in found]
        weights = [_weight(one, known[label]) for one in answered]
        rest = [one.points - share * weight for one, share, weight in zip(hand_ins, shares, weights, strict=True)]
        share = statistics.fmean(shares)
        yield CheckItem(label, known[label].points, known[label].hidden, share, correlation(shares, rest))


def _share(check: CheckResult | None) -> float:
    """What part of its points a check earned; of a promise, whether it was kept."""
    if check is None:
        return 0.0
    return held(check.earned, check.points) / check.points if check.points else float(check.passed)


def _weight(answered: Answered, check: CheckResult) -> float:
    """What a check is worth in points of the lesson."""
    report = answered.cell.report
    possible = math.fsum(one.points for one in report.checks) if report else 0.0
    return answered.cell.points * check.points / possible if possible else 0.0


def correlation(values: Sequence[float], rest: Sequence[float]) -> float | None:
    """Pearson's correlation; None where there are too few values, or all are the same."""
    if len(values) < FEWEST:
        return None
    try:
        return statistics.correlation(values, rest)
    except statistics.StatisticsError:
        return None
